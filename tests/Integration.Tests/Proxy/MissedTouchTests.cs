using System.Globalization;
using System.Text;
using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.WarmUp;
using static CacheOperator.Integration.Tests.Proxy.CutOffMember;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>A new expiry that a member misses: the item's version does not show it.</summary>
public sealed class MissedTouchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_way_to_change_an_expiry_is_made_up_for()
    {
        string[] changes =
        [
            "touch # 5000\r\n", "touch # 0\r\n", "touch # 5000 noreply\r\n", "gat 5000 #\r\n", "gats 5000 #\r\n", "mg # T5000\r\n", "mg # T5000 v k q\r\n", "mg # N30 T5000 v\r\n",
            "mg # N30 R20000 T5000\r\n", "ma # T5000\r\n", "md # I T5000\r\nmg # T6000\r\nms # 1\r\n7\r\nmg # T5000\r\n", "incr # 1\r\ntouch # 5000\r\n", "touch # 5000\r\nincr # 1\r\n",
        ];
        await using var fleet = await StartAsync();
        using var client = await fleet.ConnectAsync(Token);
        var keys = Enumerable.Range(0, changes.Length).Select(i => $"key-{i}").ToList();
        foreach (var key in keys) Assert.Equal("STORED", await client.LineAsync($"set {key} 0 100 1\r\n7\r\n", Token));
        await WaitUntilSameAsync(fleet, [.. keys]);
        await CutAsync(fleet);
        foreach (var (key, change) in keys.Zip(changes)) await client.AskAsync(change.Replace("#", key, StringComparison.Ordinal) + "mn\r\n", "MN\r\n", Token);
        Assert.Equal(changes.Length, fleet.Status(0).Hints);

        await HealAsync(fleet);

        for (var i = 0; i < keys.Count; i++)
        {
            var expected = changes[i].Contains("5000", StringComparison.Ordinal) ? (4000, 5010) : (-1, -1);
            for (var member = 0; member < 3; member++) Assert.InRange(await SecondsLeftAsync(fleet, member, keys[i]), expected.Item1, expected.Item2);
        }
    }

    [Fact]
    public async Task So_is_one_of_an_item_from_a_clock_that_is_ahead()
    {
        await using var fleet = await StartAsync();
        using var client = await fleet.ConnectAsync(Token);
        var version = (ulong)(DateTimeOffset.UtcNow - ItemVersion.Origin).Add(TimeSpan.FromHours(1)).TotalMilliseconds << ItemVersion.MillisecondsShift;
        for (var member = 0; member < 3; member++)
        {
            using var connection = await fleet.ConnectToMemberAsync(member, Token);
            Assert.Equal("HD", await connection.LineAsync($"ms k 1 T100 E{version}\r\nx\r\n", Token));
        }

        await CutAsync(fleet);
        Assert.Equal("TOUCHED", await client.LineAsync("touch k 5000\r\n", Token));
        await HealAsync(fleet);

        Assert.InRange(await SecondsLeftAsync(fleet, 0, "k"), 4000, 5010);
    }

    [Theory]
    [InlineData("mg k T5000\r\n", "^HD f0 c20 t(50..|4...) s3$")]
    [InlineData("md k\r\n", "^EN$")]
    public async Task What_reaches_the_source_only_after_a_copy_was_verified_is_found_out(string change, string expected)
    {
        var grace = TimeSpan.FromSeconds(100);
        var time = new PatientTime(grace);
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 0);
        await StoreAsync(fleet, member: 0, "ms k 3 T100 E10\r\nold\r\n");
        await StoreAsync(fleet, member: 1, "ms k 3 T100 E20\r\nnew\r\n");
        await using var member = await ConnectAsync(fleet, 0);
        await using var source = await ConnectAsync(fleet, 1);
        var settled = 0;

        var run = new HintSettlement(member, source, clockShift: 0, grace, new CopyLimits(), time)
            .RunAsync([new Hint([(byte)'k'], Version: 20, new Lack(Version: 20, Touch: 0), IsOwed: true, Sequence: 1)], hints => settled += hints.Count, Token);
        await ProxyFleet.WaitAsync(() => time.Waits == 1, "copied and verified", Token);
        Assert.Contains("new", await fleet.CopyAsync(0, "k", Token), StringComparison.Ordinal);
        await StoreAsync(fleet, member: 1, change);
        Assert.Equal(0, settled);
        await ProxyFleet.WaitAsync(() => time.Pass(run), "settled", Token);

        await run;
        Assert.Equal(1, settled);
        Assert.Matches(expected, await fleet.ItemAsync(0, "k", Token));
    }

    [Theory]
    [InlineData("mn\r\n", "^MN$", "^HD f0 c20 .* s3$")]
    [InlineData("md k\r\n", "^HD$", "^EN$")]
    public async Task What_is_taken_away_from_the_member_while_it_is_to_be_replaced_is_made_up_for_all_the_same(string onSource, string answer, string expected)
    {
        var grace = TimeSpan.FromSeconds(100);
        var time = new PatientTime(grace);
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 0);
        await StoreAsync(fleet, member: 0, "ms k 3 T100 E10\r\nold\r\n");
        foreach (var key in (string[])["k", "absent"]) await StoreAsync(fleet, member: 1, $"ms {key} 3 T100 E20\r\nnew\r\n");
        await using var member = await ConnectAsync(fleet, 0);
        await using var source = await ConnectAsync(fleet, 1);
        var settled = 0;
        var hints = new[] { "k", "absent" }.Select(key => new Hint(Encoding.ASCII.GetBytes(key), Version: 20, new Lack(Version: 20, Touch: 0), IsOwed: true, Sequence: 1)).ToList();

        var run = new HintSettlement(member, source, clockShift: 0, grace, new CopyLimits(), time).RunAsync(hints, done => settled += done.Count, Token);
        await ProxyFleet.WaitAsync(() => time.Waits == 1, "looked at", Token);
        await StoreAsync(fleet, member: 0, "md k C10\r\n"); // As another proxy does that had put it there, and sees now that it is outdated.
        using (var client = await fleet.ConnectToMemberAsync(1, Token)) Assert.Matches(answer, await client.LineAsync(onSource, Token));
        await ProxyFleet.WaitAsync(() => time.Pass(run), "settled", Token);

        await run;
        Assert.Equal(2, settled);
        Assert.Matches(expected, await fleet.ItemAsync(0, "k", Token));
        Assert.Contains("new", await fleet.CopyAsync(0, "absent", Token), StringComparison.Ordinal);
    }

    private static async Task StoreAsync(ProxyFleet fleet, int member, string command)
    {
        using var connection = await fleet.ConnectToMemberAsync(member, Token);
        Assert.Equal("HD", await connection.LineAsync(command, Token));
    }

    private static Task<MemberLink> ConnectAsync(ProxyFleet fleet, int member) =>
        MemberLink.ConnectAsync("member", fleet.Document.Members[member], new CopyLimits(), TimeProvider.System, Token);

    private static async Task<int> SecondsLeftAsync(ProxyFleet fleet, int member, string key)
    {
        var item = await fleet.ItemAsync(member, key, Token);
        Assert.StartsWith("HD", item, StringComparison.Ordinal);
        return int.Parse(item.Split(' ').Single(word => word[0] == 't')[1..], CultureInfo.InvariantCulture);
    }
}
