using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Replication;

namespace CacheOperator.Proxy.Tests.Replication;

public sealed class ConditionalChangeTests
{
    private const ulong Next = 1000;

    [Theory]
    [InlineData(CommandKind.Add, 0, 0UL)]
    [InlineData(CommandKind.Cas, 500, 500UL)]
    [InlineData(CommandKind.Cas, 0, null)]
    [InlineData(CommandKind.Cas, 501, null)] // may be a tombstone's
    [InlineData(CommandKind.Cas, 2000, null)] // newer than this write would be
    [InlineData(CommandKind.Replace, 0, null)]
    [InlineData(CommandKind.Increment, 5, null)]
    public void The_version_to_change_is_asked_for_only_where_it_is_not_known(object kind, long number, ulong? expected) =>
        Assert.Equal(expected, Classic((CommandKind)kind, (ulong)number).KnownBase(Next));

    [Theory]
    [InlineData(CommandKind.Add, true, Objection.Absent)]
    [InlineData(CommandKind.Add, false, Objection.None)]
    [InlineData(CommandKind.Replace, true, Objection.None)]
    [InlineData(CommandKind.Replace, false, Objection.Absent)]
    [InlineData(CommandKind.Append, false, Objection.Absent)]
    [InlineData(CommandKind.Increment, false, Objection.Absent)]
    [InlineData(CommandKind.Cas, false, Objection.Absent)]
    [InlineData(CommandKind.Cas, true, Objection.Exists)]
    public void Each_command_needs_what_memcached_needs_for_it(object kind, bool isLive, object expected) =>
        Assert.Equal(expected, Classic((CommandKind)kind, number: 8).ObjectionTo(isLive, version: 7));

    [Fact]
    public void Only_arithmetic_and_concatenation_make_an_item_where_there_is_none()
    {
        var vivifying = new MetaFlags { Vivifies = true };

        Assert.Equal(Objection.None, Meta(CommandKind.Increment, vivifying).ObjectionTo(isLive: false, version: 0));
        Assert.Equal(Objection.None, Meta(CommandKind.Append, vivifying).ObjectionTo(isLive: false, version: 0));
        Assert.Equal(Objection.Absent, Meta(CommandKind.Replace, vivifying).ObjectionTo(isLive: false, version: 0));
    }

    [Fact]
    public void A_meta_command_compares_with_zero_only_where_that_is_no_wildcard()
    {
        var flags = new MetaFlags { Compare = 0 };

        Assert.Equal(Objection.None, Meta(CommandKind.Append, flags).ObjectionTo(isLive: true, version: 7));
        Assert.Equal(Objection.Exists, Meta(CommandKind.Cas, flags).ObjectionTo(isLive: true, version: 7));
        Assert.Equal(Objection.Exists, Meta(CommandKind.MetaRemove, flags).ObjectionTo(isLive: true, version: 7));
    }

    [Fact]
    public void The_member_concatenates_unless_there_is_nothing_to_begin_with()
    {
        var change = Classic(CommandKind.Append, 0);

        Assert.Equal(StoreCondition.Appending, change.Condition(expected: 7, isVivifying: false));
        Assert.Equal(StoreCondition.Version, change.Condition(expected: 7, isVivifying: true));
        Assert.Equal(StoreCondition.Absent, change.Condition(expected: 0, isVivifying: true));
        Assert.Equal(StoreCondition.Version, Classic(CommandKind.Replace, 0).Condition(expected: 7, isVivifying: false));
    }

    private static ConditionalChange Classic(CommandKind kind, ulong number) => new(kind, new ClientCommand { Kind = kind, Number = number });

    private static ConditionalChange Meta(CommandKind kind, MetaFlags flags) => new(kind, new ClientCommand { Kind = CommandKind.MetaSet, Meta = flags });
}
