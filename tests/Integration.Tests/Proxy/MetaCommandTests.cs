using System.Text.RegularExpressions;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

public sealed class MetaCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_of_every_flag_is_answered_as_by_memcached()
    {
        string[] script =
        [
            "mn", "mg a v", "mg a v k Oxyz q", "mg a k O123", "ms a 3 T100 F5 c s k Oabc\r\nabc", "mg a v", "mg a s v t f c k Oq", "mg a", "mg a q k", "mg a h l", "ms a 3 q\r\nabd", "mg a v q",
            "ms a 1 ME k\r\nx", "ms b 1 ME k Ob c\r\nx", "ms b 2 MR F9\r\nyy", "ms none 2 MR s k\r\nyy", "ms b 2 MA s\r\nzz", "ms b 2 MP s\r\n00", "mg b v f", "ms none 2 MA\r\nzz", "ms none 2 MA q\r\nzz", "ms new 2 MA N60 F3 s\r\nzz", "mg new v f",
            "ms new 1 MP N60 F4\r\n1", "mg new v f", "ms b 1 C999999999999 k O1\r\nx", "ms none 1 C999999999999\r\nx", "ms b 1 C0\r\nx", "ms b 1 MA C999999999999\r\nx", "ms b 1 MS\r\n1", "ms b 1 MQ\r\nx", "ms b\r\nmn", "ms b x\r\nmn",
            "ma n", "ma n k Ox", "ma n N0 J41", "ma n v", "ma n v c t k Oy", "ma n MD D2 v", "ma n M- v", "ma n M+ D100 v", "ma n q", "ma n T1000 v t", "ma n C999999999999 k", "ma a", "ma n Mx", "ma n D", "ma m N60 J5 v t", "ma m N60 J5 v t",
            "md none", "md none k Oz", "md none q", "md a C999999999999 k", "md a q", "mg a v", "md n k Oz", "ms a 1\r\nx", "md a x", "mg a v f s t", "ms a 1 F7\r\nx", "md a I T100", "mg a v c", "mg a v c", "ms a 1\r\ny", "mg a v",
            "ms Zm9v 3 b k T100\r\nbar", "mg foo v k", "mg Zm9v b v k", "get foo", "ms foo 1\r\n1", "ma Zm9v b v k", "md Zm9v b k", "mg Zm9v b k", "mg !!! b", "mg a v v", "mg a y", $"mg {new string('k', 251)}", $"mg a O{new string('o', 32)}",
            "mg lock N30 v s", "mg lock N30 v s", "mg lock N30 R10 v", "ms lock 4 T100\r\ndone", "mg lock N30 v t", "mg lock R200 v", "mg lock R200 v", "mg a T500", "mg a v t T600", "mg none T5 k", "mg a T-1 v", "mg a v", "ms z 1 T-1\r\nx", "mg z", "me none",
        ];
        await using var fleet = await ProxyFleet.StartAsync(Token);
        await using var plain = await MemcachedServer.StartAsync(await MemcachedBinary.EnsureAsync(null, Token), Token);
        using var reference = await RawClient.ConnectAsync(plain.EndPoint, Token);
        using var client = await fleet.ConnectAsync(Token);
        foreach (var command in script)
        {
            var text = $"{command}\r\nnosuchcommand\r\n";
            Assert.Equal(
                (command, Comparable(await reference.AskAsync(text, "ERROR\r\n", Token))),
                (command, Comparable(await client.AskAsync(text, "ERROR\r\n", Token))));
        }
    }

    [Theory]
    [InlineData("ms k 2 MA\r\nxy\r\n", "HD")]
    [InlineData("ms k 2 MP c\r\nxy\r\n", "HD c[0-9]+")]
    [InlineData("ms none 2 MA N100 F3\r\nxy\r\n", "HD")]
    [InlineData("ma k D5 T50\r\n", "HD")]
    [InlineData("ma none N100 J7\r\n", "HD")]
    [InlineData("md k x\r\n", "HD")]
    [InlineData("md k I T30\r\n", "HD")]
    [InlineData("md k I x T30\r\n", "HD")]
    [InlineData("mg none N30\r\n", "HD W")]
    [InlineData("mg k T30\r\n", "HD")]
    [InlineData("mg k N30 T60\r\n", "HD")]
    [InlineData("ms Zm9v 1 b T10\r\nx\r\n", "HD")]
    public async Task What_a_command_leaves_is_the_same_in_every_zone(string command, string answer)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 3);
        for (var proxy = 0; proxy < 3; proxy++)
        {
            using var client = await fleet.ConnectAsync(Token, proxy);
            await client.LineAsync("ms k 3 F7 T1000\r\n100\r\n", Token);
            await client.LineAsync("md none\r\n", Token);
            Assert.Matches($"^{answer}$", await client.LineAsync(command, Token));
            foreach (var key in new[] { "k", "none", "foo" })
            {
                await ProxyFleet.WaitAsync(
                    async () => (await fleet.CopiesAsync(key, Token)).Select(Roughly).Distinct().Count() == 1, $"{key} the same in all zones", Token);
            }
        }
    }

    [Fact]
    public async Task A_version_removed_is_gone_in_every_zone_and_another_is_not()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 2);
        using var client = await fleet.ConnectAsync(Token);
        using var other = await fleet.ConnectAsync(Token, proxy: 1);
        var version = (await client.LineAsync("ms k 1 c\r\nx\r\n", Token)).Split(' ')[1][1..];
        Assert.Equal("EX", await other.LineAsync($"md k C{version}0\r\n", Token));
        Assert.Equal("HD", await other.LineAsync($"md k C{version}\r\n", Token));
        Assert.Equal("NF", await other.LineAsync($"md k C{version}\r\n", Token));
        await ProxyFleet.WaitAsync(async () => await client.GetAsync("k", Token) is null, "gone", Token);
        Assert.Equal("HD", await client.LineAsync("ms k 1 ME\r\ny\r\n", Token));
        await ProxyFleet.WaitAsync(async () => await other.GetAsync("k", Token) == "y", "the new item", Token);
    }

    [Fact]
    public async Task Of_many_clients_in_all_zones_exactly_one_wins_the_right_to_fill_an_item()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 3);
        for (var round = 0; round < 20; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 9).Select(async i =>
            {
                using var client = await fleet.ConnectAsync(Token, proxy: i % 3);
                return await client.LineAsync($"mg k{round} s N30\r\n", Token);
            }));
            Assert.Equal(1, answers.Count(a => a == "HD s0 W"));
            Assert.Equal(8, answers.Count(a => a == "HD s0 Z"));
        }
    }

    [Fact]
    public async Task Of_many_clients_in_all_zones_exactly_one_wins_the_right_to_renew_a_stale_item()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 3, document: d => d with { Replication = new ReplicationSettings { WriteAck = WriteAck.All } });
        using var first = await fleet.ConnectAsync(Token);
        for (var round = 0; round < 20; round++)
        {
            await first.LineAsync("ms k 1 T100\r\nx\r\n", Token);
            Assert.Equal("HD", await first.LineAsync("md k I\r\n", Token));
            var answers = await Task.WhenAll(Enumerable.Range(0, 9).Select(async i =>
            {
                using var client = await fleet.ConnectAsync(Token, proxy: i % 3);
                return await client.LineAsync("mg k s\r\n", Token);
            }));
            Assert.Equal(1, answers.Count(a => a.Contains('W')));
            Assert.All(answers, a => Assert.Contains(" X", a, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_tombstone_is_no_item_for_any_command()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await fleet.ApplyAsync(2, m => m with { State = MemberState.Warming, Epoch = 2 }, Token);
        foreach (var (command, answer) in new[]
        {
            ("mg k\r\n", "EN"), ("mg k s v c t f\r\n", "EN"), ("mg k T30\r\n", "EN"), ("mg k R30\r\n", "EN"), ("me k\r\n", "EN"), ("md k\r\n", "NF"), ("md k I\r\n", "NF"), ("md k x\r\n", "NF"),
            ("ma k\r\n", "NF"), ("ms k 1 MR\r\nx\r\n", "NS"), ("ms k 1 MA\r\nx\r\n", "NS"), ("ms k 1 C5\r\nx\r\n", "NF"),
            ("ma k N0 J4\r\n", "HD"), ("ms k 1 MA N0 s\r\nx\r\n", "HD s1"), ("ms k 1 ME\r\nx\r\n", "HD"), ("mg k N30 s\r\n", "HD s0 W"),
        })
        {
            await client.LineAsync("ms k 1\r\nx\r\n", Token);
            Assert.Equal("HD", await client.LineAsync("md k\r\n", Token));
            Assert.Equal((command, answer), (command, await client.LineAsync(command, Token)));
        }
    }

    [Theory]
    [InlineData("ms k 1 E5\r\nx\r\n", "CLIENT_ERROR invalid flag")]
    [InlineData("ms k 1 C5 I\r\nx\r\n", "CLIENT_ERROR invalid flag")]
    [InlineData("md k E5\r\n", "CLIENT_ERROR invalid flag")]
    [InlineData("ma k E5\r\n", "CLIENT_ERROR invalid or duplicate flag")]
    [InlineData("mg k N30 E5\r\n", "CLIENT_ERROR invalid flag")]
    public async Task What_cannot_be_honoured_is_refused_and_the_connection_stays_in_step(string command, string answer)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        Assert.Equal(answer, await client.LineAsync(command, Token));
        Assert.Equal("EN", await client.LineAsync("mg k v\r\n", Token));
    }

    [Fact]
    public async Task Too_large_a_value_leaves_no_zone_with_the_old_one()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("ms Zm9v 1 b\r\nx\r\n", Token);
        Assert.Equal("SERVER_ERROR object too large for cache", await client.LineAsync($"ms Zm9v {2 << 20} b q\r\n{new string('x', 2 << 20)}\r\n", Token));
        Assert.Equal("EN", await client.LineAsync("mg foo\r\n", Token));
    }

    // Versions are each server's own, and the seconds of two servers do not begin together.
    private static string Comparable(string replies) => Regex.Replace(
        Regex.Replace(replies, "^((?:VA|HD|EX|NS|NF)[^\r]*? )c[1-9][0-9]*", "$1c", RegexOptions.Multiline), "^((?:VA|HD)[^\r]*? )t[0-9]+", "$1t", RegexOptions.Multiline);

    // Who has won is known to the primary only.
    private static string Roughly(string copy) => Regex.Replace(copy.Replace(" Z", "", StringComparison.Ordinal), " t([0-9]+)", m => $" t{(int.Parse(m.Groups[1].Value) + 5) / 10}");
}
