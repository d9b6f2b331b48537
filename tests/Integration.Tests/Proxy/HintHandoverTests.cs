using CacheOperator.Topology;
using static CacheOperator.Integration.Tests.Proxy.CutOffMember;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>Missed writes of members that are being filled, and of those that they are filled from.</summary>
public sealed class HintHandoverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_that_is_being_filled_gets_what_it_missed_too()
    {
        await using var fleet = await StartAsync();
        using var client = await fleet.ConnectAsync(Token);
        await fleet.ApplyAsync(0, m => m with { State = MemberState.Warming, Epoch = 2 }, Token);
        await CutAsync(fleet);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(0).Hints == 1, "missed", Token);

        fleet.RelayOf(0, 0).Heal();

        await ProxyFleet.WaitAsync(() => fleet.Status(0).Hints == 0, "settled", Token);
        await WaitUntilSameAsync(fleet, "k");
    }

    [Fact]
    public async Task What_the_source_of_a_copy_missed_is_settled_on_its_target_after_it()
    {
        await using var fleet = await StartAsync();
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set copied 0 0 1\r\nx\r\n", Token);
        await client.LineAsync("set before 0 0 1\r\nx\r\n", Token);
        await WaitUntilSameAsync(fleet, "copied", "before");
        await CutAsync(fleet);
        Assert.Equal("DELETED", await client.LineAsync("delete before\r\n", Token));
        await fleet.ApplyAsync(
            d => d with
            {
                Members = [.. d.Members.Select((m, i) => i == 2 ? m with { State = MemberState.Warming, Epoch = 2 } : m)],
                Copies = [new CopyAssignment { Id = "1", Proxy = "elsewhere", Source = "uid-0", Target = "uid-2" }],
            },
            Token);
        Assert.Equal("DELETED", await client.LineAsync("delete copied\r\n", Token));
        await ProxyFleet.WaitAsync(() => (fleet.Status(0).Hints, fleet.Status(2).Hints) == (2, 2), "missed by both", Token);

        // What a copy brings that reads what should be gone.
        using (var target = await fleet.ConnectToMemberAsync(2, Token))
        {
            foreach (var key in new[] { "copied", "before" })
            {
                var copy = (await fleet.ItemAsync(0, key, Token)).Split(' ')[2][1..];
                await target.LineAsync($"md {key}\r\n", Token);
                Assert.Equal("HD", await target.LineAsync($"ms {key} 1 E{copy}\r\nx\r\n", Token));
            }
        }

        await HealAsync(fleet);
        await ProxyFleet.WaitAsync(() => fleet.Status(2).Hints == 0, "settled on the target", Token);

        await WaitUntilSameAsync(fleet, "copied", "before");
        Assert.Null(await client.GetAsync("copied", Token));
    }
}
