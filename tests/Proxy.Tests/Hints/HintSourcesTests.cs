using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Members;
using CacheOperator.Topology;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Proxy.Tests.Hints;

public sealed class HintSourcesTests
{
    private static readonly byte[] Key = [(byte)'k'];

    // What the member lacks, what two others lack, and which of those it can be made up from: 0 is none.
    [Theory]
    [InlineData(10, 0, 0, 0, 0, 0, 1)]
    [InlineData(10, 0, 10, 0, 0, 0, 2)]
    [InlineData(10, 0, 9, 0, 8, 0, 2)]
    [InlineData(10, 0, 10, 0, 11, 0, 0)]
    [InlineData(0, 10, 0, 10, 0, 0, 2)]
    [InlineData(0, 10, 0, 11, 0, 9, 2)]
    [InlineData(0, 10, 0, 10, 0, 11, 0)]
    [InlineData(0, 10, 9, 0, 0, 9, 2)]
    [InlineData(10, 0, 0, 9, 0, 11, 1)]
    [InlineData(0, 0, 0, 1, 1, 0, 0)]
    [InlineData(0, 0, 0, 1, 0, 0, 2)]
    public void A_source_lacks_nothing_of_the_key_or_only_what_is_older(
        ulong version, ulong touch, ulong firstVersion, ulong firstTouch, ulong secondVersion, ulong secondTouch, int expected)
    {
        var members = new Dictionary<string, MemberHealth> { ["1"] = Health(firstVersion, firstTouch), ["2"] = Health(secondVersion, secondTouch) };
        var others = members.Keys.Select(uid => new Member { Uid = uid, Name = uid, Zone = uid, Shard = 0, State = MemberState.Ready }).ToList();

        var (source, hints) = Assert.Single(HintSources.Choose([new Hint(Key, 10, new Lack(version, touch), IsOwed: true, Sequence: 1)], others, members));

        Assert.Equal(expected == 0 ? null : others[expected - 1], source);
        Assert.Single(hints);
    }

    private static MemberHealth Health(ulong version, ulong touch)
    {
        var record = new MemberRecord("uid", new FakeTimeProvider());
        record.Met("process", new MemberStatistics());
        var health = new MemberHealth(record, epoch: 1, new HintLimits(10, 10_000));
        if (version + touch > 0) health.Miss(Key, Math.Max(version, touch), new Lack(version, touch), isOwed: true);
        return health;
    }
}
