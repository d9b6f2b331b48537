using System.Net;
using CacheOperator.Operator.Runtime.LeaderElection;
using CacheOperator.Operator.Tests.Runtime.Support;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Operator.Tests.Runtime.LeaderElection;

public sealed class LeaderElectorTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<Candidate> _candidates = [];
    private FakeApiServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeApiServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var candidate in _candidates)
            await candidate.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_first_candidate_leads_and_the_second_waits()
    {
        var first = await LeadingAsync("first");
        var second = Run("second");

        await PassAsync(TimeSpan.FromSeconds(40));

        Assert.True(first.IsWorking);
        Assert.False(second.IsLeader);
        Assert.Equal(("first", 0), Lease());
    }

    [Fact]
    public async Task A_clean_stop_gives_the_lease_back_and_the_next_leads_within_three_seconds()
    {
        var first = await LeadingAsync("first");
        var second = Run("second");
        await PassAsync(TimeSpan.FromSeconds(5));

        await first.StopAsync();
        Assert.False(first.IsWorking);
        Assert.Equal("", Lease().Holder);
        var stopped = _time.GetUtcNow();
        await Eventually.True(() => second.IsWorking, "the second to lead", () => _time.Advance(TimeSpan.FromMilliseconds(100)));

        Assert.InRange(_time.GetUtcNow() - stopped, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        Assert.Equal(("second", 1), Lease());
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_renewal_that_the_server_has_taken_gives_the_lease_back_all_the_same()
    {
        var first = await LeadingAsync("first");
        var version = _server.Store.Find("leases", "ops", "cache-operator")!["metadata"]!["resourceVersion"]!.GetValue<string>();
        _server.Store.Put("leases", new V1Lease
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = "ops", Name = "cache-operator" },
            Spec = new V1LeaseSpec { HolderIdentity = "first", LeaseDurationSeconds = 15, LeaseTransitions = 0 },
        });
        Assert.NotEqual(version, _server.Store.Find("leases", "ops", "cache-operator")!["metadata"]!["resourceVersion"]!.GetValue<string>());

        await first.StopAsync();

        Assert.Equal("", Lease().Holder);
    }

    [Fact]
    public async Task A_lease_that_somebody_else_holds_is_not_given_back()
    {
        var first = await LeadingAsync("first");
        _server.Store.Put("leases", new V1Lease
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = "ops", Name = "cache-operator" },
            Spec = new V1LeaseSpec { HolderIdentity = "usurper", LeaseDurationSeconds = 15, LeaseTransitions = 7 },
        });

        await first.StopAsync();

        Assert.Equal(("usurper", 7), Lease());
    }

    [Fact]
    public async Task A_dead_leaders_lease_runs_out_while_the_next_one_still_reads_the_cluster()
    {
        _server.Store.Put("leases", new V1Lease
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = "ops", Name = "cache-operator" },
            Spec = new V1LeaseSpec { HolderIdentity = "dead", LeaseDurationSeconds = 15 },
        });
        var able = new TaskCompletionSource();
        var second = Run("second", able: able.Task);
        await PassAsync(TimeSpan.FromSeconds(20));
        Assert.False(second.IsLeader);

        able.SetResult();

        await Eventually.True(() => second.IsWorking, "the second to lead without waiting");
    }

    [Fact]
    public async Task A_dead_leader_is_replaced_when_its_lease_has_run_out_by_the_others_own_clock()
    {
        // Its renewal is in the future by our clock: clocks of other machines are not to be trusted, only that nothing changes.
        _server.Store.Put("leases", new V1Lease
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = "ops", Name = "cache-operator" },
            Spec = new V1LeaseSpec { HolderIdentity = "dead", LeaseDurationSeconds = 15, RenewTime = _time.GetUtcNow().UtcDateTime.AddHours(1) },
        });
        var second = Run("second");
        await PassAsync(TimeSpan.FromSeconds(13));
        Assert.False(second.IsLeader);

        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.True(second.IsLeader);
    }

    [Fact]
    public async Task The_next_look_is_when_the_lease_runs_out_and_not_a_retry_period_later()
    {
        _server.Store.Put("leases", new V1Lease
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = "ops", Name = "cache-operator" },
            Spec = new V1LeaseSpec { HolderIdentity = "dead", LeaseDurationSeconds = 15 },
        });
        var second = Run("second", options => options.LookPeriod = TimeSpan.FromSeconds(14));

        // It looks at 11 to 14 s, and would do so next at 22 to 28 s.
        await PassAsync(TimeSpan.FromSeconds(14));
        Assert.False(second.IsLeader);
        await PassAsync(TimeSpan.FromSeconds(3));

        Assert.True(second.IsLeader);
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_stops_before_its_lease_runs_out_and_leads_again_later()
    {
        var first = await LeadingAsync("first");
        _server.Fault = request => request.StartsWith("PUT", StringComparison.Ordinal) ? HttpStatusCode.InternalServerError : null;
        var cut = _time.GetUtcNow();
        await Eventually.True(() => !first.IsWorking, "the work to stop", () => _time.Advance(TimeSpan.FromMilliseconds(100)));
        Assert.InRange(_time.GetUtcNow() - cut, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(14.9));

        _server.Fault = null;
        await Eventually.True(() => first.IsWorking, "a second term", () => _time.Advance(TimeSpan.FromMilliseconds(100)));

        Assert.Equal(2, first.Terms);
    }

    [Fact]
    public async Task A_short_outage_does_not_cost_the_leadership()
    {
        var first = await LeadingAsync("first");
        _server.Fault = _ => HttpStatusCode.ServiceUnavailable;
        await PassAsync(TimeSpan.FromSeconds(5));
        _server.Fault = null;

        await PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, first.Terms);
        Assert.True(first.IsWorking);
    }

    [Fact]
    public async Task A_leader_that_sees_another_holder_stops_at_its_next_renewal()
    {
        var first = await LeadingAsync("first");
        _server.Store.Put("leases", new V1Lease
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = "ops", Name = "cache-operator" },
            Spec = new V1LeaseSpec { HolderIdentity = "usurper", LeaseDurationSeconds = 15 },
        });

        await PassAsync(TimeSpan.FromSeconds(3));

        Assert.False(first.IsLeader);
        Assert.False(first.IsWorking);
    }

    [Fact]
    public async Task A_restarted_process_of_the_same_name_takes_up_its_own_lease_at_once()
    {
        _server.Store.Put("leases", new V1Lease
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = "ops", Name = "cache-operator" },
            Spec = new V1LeaseSpec { HolderIdentity = "pod-0", LeaseDurationSeconds = 15, LeaseTransitions = 4 },
        });
        var candidate = Run("pod-0");

        await Eventually.True(() => candidate.IsLeader, "the lease without waiting");

        Assert.Equal(("pod-0", 4), Lease());
    }

    [Fact]
    public async Task Of_many_candidates_never_two_work_at_a_time()
    {
        foreach (var i in Enumerable.Range(0, 4))
            Run($"candidate-{i}");
        var terms = 0;
        for (var stopped = 0; stopped < 3; stopped++)
        {
            await Eventually.True(() => _candidates.Any(candidate => candidate.IsWorking), "a leader", () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(200));
                Assert.InRange(_candidates.Count(candidate => candidate.IsWorking), 0, 1);
            });
            terms++;
            await _candidates.Single(candidate => candidate.IsWorking).StopAsync();
        }

        Assert.Equal(3, terms);
    }

    private Candidate Run(string identity, Action<LeaderElectionOptions>? configure = null, Task? able = null)
    {
        var candidate = new Candidate(_server, identity, _time, configure, able);
        _candidates.Add(candidate);
        return candidate;
    }

    private async Task<Candidate> LeadingAsync(string identity)
    {
        var candidate = Run(identity);
        await Eventually.True(() => candidate.IsWorking, $"{identity} to lead", () => _time.Advance(TimeSpan.FromMilliseconds(100)));
        return candidate;
    }

    /// <summary>Lets fake time pass in steps, and the requests that a step caused come to their end before the next.</summary>
    private async Task PassAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromMilliseconds(200))
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            int seen;
            do
            {
                seen = _server.Requests.Count;
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
            while (_server.InFlight > 0 || _server.Requests.Count != seen);
        }
    }

    private (string Holder, int Transitions) Lease()
    {
        var spec = _server.Store.Find("leases", "ops", "cache-operator")!["spec"]!;
        return (spec["holderIdentity"]!.GetValue<string>(), spec["leaseTransitions"]!.GetValue<int>());
    }
}
