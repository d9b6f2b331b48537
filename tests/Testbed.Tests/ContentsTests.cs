using System.Text;
using CacheOperator.Testbed.Contents;
using CacheOperator.Testbed.Load;
using CacheOperator.Topology;

namespace CacheOperator.TestbedTests;

/// <summary>Two real memcached processes: what differs between them is found.</summary>
public sealed class ContentsTests(MemcachedFixture memcached)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_difference_is_found()
    {
        await using var left = await memcached.StartAsync();
        await using var right = await memcached.StartAsync();
        string[] commands =
        [
            "ms same 5 F3 T1000 E101\r\nhello",
            "ms tombstone 0 T1000 E103\r\n",
            "ms per%cent&key= 2 E105\r\nab",
        ];
        foreach (var command in commands)
        {
            await MemcachedFixture.SendAsync(left, command);
            await MemcachedFixture.SendAsync(right, command);
        }

        (string Left, string Right)[] pairs =
        [
            ("ms value 1 E111\r\na", "ms value 1 E111\r\nb"),
            ("ms flags 1 F1 E111\r\na", "ms flags 1 F2 E111\r\na"),
            ("ms version 1 E111\r\na", "ms version 1 E112\r\na"),
            ("ms expiry 1 T1000 E111\r\na", "ms expiry 1 T1010 E111\r\na"),
            ("ms for-ever 1 E111\r\na", "ms for-ever 1 T1000 E111\r\na"),
            ("ms lost 1 E111\r\na", "ms new 1 E111\r\na"),
            ("ms deleted 1 E111\r\na", "ms deleted 0 E113\r\n"),
        ];
        foreach (var pair in pairs)
        {
            await MemcachedFixture.SendAsync(left, pair.Left);
            await MemcachedFixture.SendAsync(right, pair.Right);
        }

        await MemcachedFixture.SendAsync(left, $"ms {Encoding.ASCII.GetString(ReservedKey.Base64)} 0 b T60 E113\r\n");
        var comparison = ContentsComparison.Of(
            await MemberContents.ReadAsync(left.EndPoint.ToString(), Cancelled),
            await MemberContents.ReadAsync(right.EndPoint.ToString(), Cancelled),
            DateTimeOffset.UtcNow);

        Assert.Equal((9, 2), (comparison.Total, comparison.Identical));
        Assert.Equal(["deleted", "lost"], comparison.Missing.Order());
        Assert.Equal(["new"], comparison.Extra);
        Assert.Equal(["expiry", "flags", "for-ever", "value", "version"], comparison.Different.Select(text => text.Split(':')[0]).Order());
        Assert.False(comparison.AllIdentical);
    }

    [Fact]
    public async Task A_large_member_is_read_whole()
    {
        await using var server = await memcached.StartAsync();
        await new LoadClient([server.EndPoint.ToString()]) { Keys = 30_000 }.FillAsync(Cancelled);

        var items = await MemberContents.ReadAsync(server.EndPoint.ToString(), Cancelled);

        Assert.Equal(30_000, items.Count);
        Assert.True(ContentsComparison.Of(items, items, DateTimeOffset.UtcNow).AllIdentical);
    }
}
