using System.Globalization;
using System.Text;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>The collector has nothing to do for requests: whatever an operation needs has been used before.</summary>
public sealed class AllocationTests
{
    private const int Pipelined = 100;
    private const int Rounds = 100;
    private const int Attempts = 5;

    // A poll of the members' statistics may fall into the time: some kilobytes, whatever the number of operations.
    private const long Allowed = 16 << 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("get hit\r\n")]
    [InlineData("get miss\r\n")]
    [InlineData("gets hit\r\n")]
    [InlineData("get hit n a b c miss e f g h\r\n")]
    [InlineData("set hit 1 0 10\r\n0123456789\r\n")]
    [InlineData("set k# 1 0 10 noreply\r\n0123456789\r\n")]
    [InlineData("set large 0 0 20000\r\n@20000\r\n")]
    [InlineData("get page\r\n")]
    [InlineData("delete k#\r\n")]
    [InlineData("add k# 0 0 1\r\nx\r\n")]
    [InlineData("replace hit 0 0 1\r\nx\r\n")]
    [InlineData("cas hit 0 0 1 7\r\nx\r\n")]
    [InlineData("append part 0 0 1\r\nx\r\n")]
    [InlineData("incr n 1\r\n")]
    [InlineData("decr n 1 noreply\r\n")]
    [InlineData("incr hit 1\r\n")]
    [InlineData("touch hit 0\r\n")]
    [InlineData("gat 0 hit miss n\r\n")]
    [InlineData("mg hit v f t c s k O123\r\n")]
    [InlineData("mg miss v k O123\r\n")]
    [InlineData("mg hit T0 v k\r\n")]
    [InlineData("mg hit N30 v t\r\n")]
    [InlineData("mg aGl0 b v k\r\n")]
    [InlineData("ms hit 10 T0 F5 k O123 c s\r\n0123456789\r\n")]
    [InlineData("ms k# 10 q\r\n0123456789\r\n")]
    [InlineData("ms hit 1 ME k O123 c\r\nx\r\n")]
    [InlineData("ms part 1 MA k O123 c\r\nx\r\n")]
    [InlineData("ms hit 1 C7 k O123\r\nx\r\n")]
    [InlineData("md k# k O123\r\n")]
    [InlineData("md k# q\r\n")]
    [InlineData("md hit C7 k O123\r\n")]
    [InlineData("ma n v t c k O123\r\n")]
    [InlineData("ma k# N0 J13 D2 v\r\n")]
    [InlineData("me hit\r\n")]
    [InlineData("mn\r\n")]
    [InlineData("version\r\n")]
    [InlineData("nonsense\r\n")]
    public async Task A_command_allocates_nothing(string command)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await client.AskAsync($"set hit 1 0 10\r\n0123456789\r\nset n 0 0 1\r\n1\r\nset part 0 0 1\r\nx\r\nset page 0 0 20000\r\n{new string('p', 20000)}\r\nmn\r\n", "MN\r\n", Token);
        var request = Pipeline(command);
        for (var i = 0; i < Rounds / 10; i++) await client.AskAsync(request, "MN\r\n", Token);

        // Pools grow to the highest number of requests that ever were under way: the last such growth may come late.
        var least = long.MaxValue;
        for (var attempt = 0; attempt < Attempts && least > Allowed; attempt++)
        {
            var before = await AllocatedAsync(fleet);
            for (var i = 0; i < Rounds; i++) await client.AskAsync(request, "MN\r\n", Token);
            least = Math.Min(least, await AllocatedAsync(fleet) - before);
        }

        Assert.True(least <= Allowed, $"{least / (double)(Rounds * Pipelined)} bytes per operation");
    }

    private static string Pipeline(string command)
    {
        var text = new StringBuilder();
        command = command.Replace("@20000", new string('v', 20000), StringComparison.Ordinal);
        for (var i = 0; i < Pipelined; i++) text.Append(command.Replace("#", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return text.Append("mn\r\n").ToString();
    }

    private static Task<long> AllocatedAsync(ProxyFleet fleet)
    {
        var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        fleet.Proxy.Workers[0].Loop.Post(() => answer.SetResult(GC.GetAllocatedBytesForCurrentThread()));
        return answer.Task;
    }
}
