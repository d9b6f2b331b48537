using System.Diagnostics;
using System.Net;
using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Integration.Tests.Fleets;

/// <summary>The program behind <c>make fleet</c>, as a person uses it.</summary>
public sealed class FleetProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task It_prints_endpoints_that_serve_and_leaves_nothing_behind(string signal)
    {
        using var fleet = Start("--zones", "2", "--proxies", "2");
        try
        {
            await UseAndEndAsync(fleet, signal);
        }
        finally
        {
            fleet.Kill(entireProcessTree: true);
        }
    }

    [Theory]
    [InlineData("--zones", "0")]
    [InlineData("--shards", "many")]
    public async Task A_number_that_makes_no_sense_is_refused(string option, string value)
    {
        using var fleet = Start(option, value);
        await fleet.WaitForExitAsync(Token).WaitAsync(Patience, Token);
        Assert.NotEqual(0, fleet.ExitCode);
        Assert.Contains(option, await fleet.StandardError.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    private static async Task UseAndEndAsync(Process fleet, string signal)
    {
        var errors = fleet.StandardError.ReadToEndAsync(Token);
        var endPoints = new List<IPEndPoint>();
        foreach (var zone in new[] { "zone-1", "zone-2" })
        {
            var line = await fleet.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(Patience, Token) ?? $"nothing: {await errors}";
            Assert.Matches($@"^endpoint {zone} 127\.0\.0\.1:\d+$", line);
            endPoints.Add(IPEndPoint.Parse(line.Split(' ')[2]));
        }

        using (var writer = await RawClient.ConnectAsync(endPoints[0], Token))
        using (var reader = await RawClient.ConnectAsync(endPoints[1], Token))
        {
            Assert.Equal("STORED", await writer.LineAsync("set k 0 0 5\r\nvalue\r\n", Token));
            await Deadline.UntilAsync("the other zone has it", Deadline.Patience, async () => await reader.GetAsync("k", Token) == "value");
        }

        var children = ChildrenOf(fleet.Id);
        Assert.Equal(4, children.Length);
        await new Command("/bin/sh", "-c", $"kill -{signal} {fleet.Id}").RunAsync(Token);
        await fleet.WaitForExitAsync(Token).WaitAsync(Patience, Token);

        Assert.Equal(0, fleet.ExitCode);
        Assert.Equal("", await fleet.StandardOutput.ReadToEndAsync(Token));
        Assert.All(children, pid => Assert.False(Directory.Exists($"/proc/{pid}"), $"process {pid} is still there"));
        Assert.DoesNotContain("died", await errors, StringComparison.Ordinal);
    }

    private static Process Start(params string[] arguments)
    {
        // Whoever runs the tests in the background has SIGINT ignored, and children inherit that.
        string[] line = ["--default-signal=INT,TERM", Path.Combine(AppContext.BaseDirectory, "fleet"), .. arguments];
        var info = new ProcessStartInfo("env", line) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(info)!;
    }

    /// <summary>The kernel lists children by the thread that started them.</summary>
    private static string[] ChildrenOf(int pid) =>
        [.. Directory.GetDirectories($"/proc/{pid}/task").SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
