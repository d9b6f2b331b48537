using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class CopyDigestTests
{
    private readonly CopyDigest _digest = new(seed: 12345);

    [Fact]
    public void What_is_the_same_on_both_sides_leaves_nothing()
    {
        for (var i = 0; i < 1000; i++)
            _digest.Add(_digest.MarkOf(BitConverter.GetBytes(i), (ulong)i, i));
        for (var i = 999; i >= 0; i--)
            _digest.Add(new DumpEntry(BitConverter.GetBytes(i), i, 1, (ulong)i, 10));
        Assert.True(_digest.IsClean);
    }

    [Theory]
    [InlineData("other", 7, 100)]
    [InlineData("key", 8, 100)]
    [InlineData("key", 7, 101)]
    [InlineData("key", 100, 7)]
    public void Another_key_version_or_expiry_shows(string key, ulong version, long expiry)
    {
        _digest.Add(_digest.MarkOf("key"u8, 7, 100));
        _digest.Add(new DumpEntry(System.Text.Encoding.ASCII.GetBytes(key), expiry, 1, version, 10));
        Assert.False(_digest.IsClean);
        Assert.True(_digest.Differs("key"u8));
    }

    [Fact]
    public void What_only_one_side_holds_shows_and_few_others_with_it()
    {
        _digest.Add(_digest.MarkOf("only on the target"u8, 1, 0));
        _digest.Add(new DumpEntry("only on the source"u8, 0, 1, 1, 10));
        Assert.True(_digest.Differs("only on the target"u8));
        Assert.True(_digest.Differs("only on the source"u8));
        Assert.InRange(Enumerable.Range(0, 1000).Count(i => _digest.Differs(BitConverter.GetBytes(i))), 0, 10);
    }

    [Fact]
    public void Some_of_many_differences_can_be_kept()
    {
        for (var i = 0; i < 1000; i++) _digest.Add(_digest.MarkOf(BitConverter.GetBytes(i), 1, 0));
        _digest.Keep(100);
        Assert.InRange(Enumerable.Range(0, 1000).Count(i => _digest.Differs(BitConverter.GetBytes(i))), 100, 120);
        _digest.Keep(0);
        Assert.True(_digest.IsClean);
    }
}
