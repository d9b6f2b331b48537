using System.Diagnostics;
using CacheOperator.Benchmarks.Load;
using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks.StartUp;

/// <summary>Measures the time from the start of a process to its first answer to a get.</summary>
internal sealed class StartUpRunner(TargetStarter starter)
{
    private const int Starts = 11;

    /// <summary>Roughly 50 microseconds: how exact the times are.</summary>
    private const int SpinsBetweenProbes = 5000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>The median of several starts.</returns>
    public async Task<TimeSpan> RunAsync(TargetKind kind, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>();
        while (times.Count < Starts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            times.Add(await Task.Run(() => StartOnce(kind), cancellationToken));
        }

        return times.Order().ElementAt(Starts / 2);
    }

    private TimeSpan StartOnce(TargetKind kind)
    {
        var endPoint = TargetStarter.FreeEndPoint();
        var command = starter.CommandOf(kind, threads: 1, endPoint);
        // What it writes fits into the pipes.
        var info = new ProcessStartInfo(command.Program, command.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(info)!;
        try
        {
            while (!Probe.Answers(endPoint))
            {
                if (Stopwatch.GetElapsedTime(start) > Patience) throw new LoadFailureException($"no answer within {Patience.TotalSeconds:0} s of the start");
                Thread.SpinWait(SpinsBetweenProbes);
            }

            return Stopwatch.GetElapsedTime(start);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
