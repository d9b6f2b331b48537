using CacheOperator.Consistency.Checking;
using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Faults;
using CacheOperator.Consistency.Fleets;
using CacheOperator.Consistency.Hosting;
using CacheOperator.Consistency.Keys;
using CacheOperator.Consistency.Reporting;
using CacheOperator.Fleet;
using CacheOperator.Topology;

namespace CacheOperator.Consistency;

/// <summary>
/// A whole run: rounds of load and faults, after each of which everything is healed, compared and checked. Each round
/// begins with what the members were seen to hold at the end of the one before, so that a run may be of any length.
/// </summary>
internal sealed class ConsistencyRun : IAsyncDisposable
{
    private static readonly TimeSpan MemberTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan HintWindow = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CompareInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConsistencyOptions _options;
    private readonly IProgress<string> _progress;
    private readonly RunClock _clock = new(TimeProvider.System);
    private readonly RunLog _log;
    private readonly Random _random;
    private readonly KeySpace _keys;
    private readonly Network _network;
    private readonly LocalFleet _fleet;
    private readonly FleetDriver _driver;
    private readonly FaultInjector _injector;
    private readonly List<RandomClient> _clients;
    private readonly RunSummary _summary;
    private Snapshot _snapshot = Snapshot.Empty;

    private ConsistencyRun(ConsistencyOptions options, Network network, LocalFleet fleet, IProgress<string> progress)
    {
        (_options, _network, _fleet, _progress) = (options, network, fleet, progress);
        _log = new RunLog(_clock);
        _random = new Random(options.Seed);
        _keys = new KeySpace(options.Profile.ColdKeys, options.Profile.Shards);
        _driver = new FleetDriver(fleet, _clock, _log);
        _injector = new FaultInjector(fleet, network, _driver, _clock, _log);
        _summary = new RunSummary(options) { Faults = _injector.Counts };
        var count = Profile.Zones * options.Profile.ClientsPerProxy;
        _clients = [.. Enumerable.Range(0, count).Select(Client)];

        RandomClient Client(int number)
        {
            var script = new OperationScript(_keys, options.Profile.Mix, new Random(_random.Next()), number, count);
            return new RandomClient($"client {number}", fleet.Proxies[number % Profile.Zones], script, new Random(_random.Next()), _clock, options.Profile.Pause);
        }
    }

    /// <param name="options">What is wanted.</param>
    /// <param name="progress">Told a line for each round, and each violation with its story.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    public static async Task<RunSummary> RunAsync(ConsistencyOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var programs = await HostedProxy.ProgramsAsync(options.Without, progress, cancellationToken);
        await using var network = new Network(directProxy: $"proxy-{Profile.Zones}");
        var shape = new FleetShape
        {
            Zones = Profile.Zones,
            Proxies = Profile.Zones,
            Shards = options.Profile.Shards,
            CopyBytesPerSecond = options.Profile.CopyBytesPerSecond,
            Way = network.Way,
            ProxyArguments =
            [
                "--member-timeout", $"{MemberTimeout.TotalMilliseconds}ms", "--hint-window", $"{HintWindow.TotalMilliseconds}ms",
                "--compare-interval", $"{(options.IsComparing ? CompareInterval : TimeSpan.Zero).TotalMilliseconds}ms",
            ],
        };
        await using var run = new ConsistencyRun(options, network, await LocalFleet.StartAsync(shape, programs, cancellationToken), progress);
        return await run.RunAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        _injector.Dispose();
        await _fleet.DisposeAsync();
    }

    private async Task<RunSummary> RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var driving = _driver.RunAsync(end.Token);
        try
        {
            var isSettled = await SettleAsync(cancellationToken);
            while (isSettled && _clock.Now < _options.Length.TotalMicroseconds && _summary.Findings.Violations.Count < _options.MaxViolations)
                isSettled = await RoundAsync(cancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await driving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (driving.IsFaulted) await driving;
        if (_summary.Findings.Violations.Count > 0) KeepLogs();
        _summary.Took = TimeSpan.FromMicroseconds(_clock.Now);
        return _summary;
    }

    private void KeepLogs()
    {
        Directory.CreateDirectory(_options.LogFolder);
        foreach (var log in Directory.GetFiles(_fleet.Folder, "*.log")) File.Copy(log, Path.Combine(_options.LogFolder, Path.GetFileName(log)), overwrite: true);
        _progress.Report($"the proxies' logs, by whose clock the run began at {_clock.Start:HH:mm:ss.fff}: {_options.LogFolder}");
    }

    /// <returns>Whether the fleet became whole again.</returns>
    private async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        var profile = _options.Profile;
        _driver.Conditions = new Conditions { Began = _clock.Now };
        _injector.Flushes.Clear();
        var fallback = _random.Next(3) == 0 ? ReadFallback.OnMiss : ReadFallback.OnError;
        _fleet.Replication = new ReplicationSettings { WriteAck = _random.Next(3) == 0 ? WriteAck.All : WriteAck.Majority, ReadFallback = profile.ReadFallback ?? fallback };
        var faults = FaultSchedule.Of(new Random(_random.Next()), profile.Faults, profile.Round, Profile.Zones, profile.Shards);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = Task.WhenAll(_clients.Select(client => client.RunAsync(stop.Token, cancellationToken)));
        await Task.WhenAll(_injector.RunAsync(faults, cancellationToken), Task.Delay(profile.Round, cancellationToken));
        var isSettled = await SettleAsync(cancellationToken);
        await stop.CancelAsync();
        await load;

        // What clients did last may have been missed too.
        isSettled = isSettled && await SettleAsync(cancellationToken);
        await CheckAsync(isSettled, cancellationToken);
        return isSettled;
    }

    private async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (await _driver.SettleAsync(Patience, cancellationToken) is not { } lacking) return true;
        Report(new Violation(ViolationKind.Unsettled, null, _clock.Now, $"the fleet did not become whole within {Patience.TotalSeconds} s: {lacking}"), null);
        return false;
    }

    private async Task CheckAsync(bool isAtRest, CancellationToken cancellationToken)
    {
        var now = _clock.Now;
        var before = _snapshot;
        if (isAtRest) _snapshot = await SnapshotAsync(cancellationToken);
        var operations = _clients.SelectMany(client => client.TakeHistory()).ToList();
        _summary.Rounds++;
        _summary.Operations += operations.Count;
        _summary.Unanswered += operations.Count(operation => operation.Outcome == Outcome.Unknown);
        foreach (var strange in _snapshot.Strange) Report(new Violation(ViolationKind.UnknownValue, null, now, strange), null);

        foreach (var answer in _clients.SelectMany(client => client.WrongAnswers)) Report(new Violation(ViolationKind.WrongAnswer, null, now, answer), null);
        foreach (var client in _clients) client.WrongAnswers.Clear();

        var promises = new Promises(_driver.Conditions, MemberTimeout, HintWindow) { AreCompared = _options.IsComparing };
        var byKey = operations.ToLookup(operation => operation.Key);
        foreach (var key in _keys.All)
        {
            var findings = new Findings();
            var history = new KeyHistory(key, before.Of(key), byKey[key], _injector.Flushes, promises);
            ReadCheck.Run(history, promises, findings);
            DecisionCheck.Run(history, promises, findings);
            if (isAtRest && !_snapshot.IsExpiring(key) && !before.IsExpiring(key)) RestCheck.Run(history, _snapshot.Of(key), now, promises, findings);
            foreach (var violation in findings.Violations) Tell(violation, history);
            _summary.Findings.Add(findings);
        }

        _progress.Report(
            $"{RunClock.Show(now)[..^5]} s: round {_summary.Rounds}, {_summary.Operations} operations, {_injector.Counts.Values.Sum()} faults, {_summary.Findings.Violations.Count} violations");
    }

    // What writes at one moment have left different, the proxies make equal by themselves.
    private async Task<Snapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        var end = _clock.Now + (long)Patience.TotalMicroseconds;
        while (true)
        {
            var snapshot = await Snapshot.TakeAsync(_fleet.Members, _keys, cancellationToken);
            if (!_options.IsComparing || !snapshot.IsDivided || _clock.Now > end) return snapshot;
            await Task.Delay(CompareInterval, cancellationToken);
        }
    }

    private void Report(Violation violation, KeyHistory? history)
    {
        Tell(violation, history);
        _summary.Findings.Violations.Add(violation);
    }

    // More of them say no more.
    private void Tell(Violation violation, KeyHistory? history)
    {
        if (_summary.Findings.Violations.Count < _options.MaxViolations) _progress.Report(Story.Of(violation, history, _log));
    }
}
