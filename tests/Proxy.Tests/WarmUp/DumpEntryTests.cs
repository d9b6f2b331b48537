using System.Text;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class DumpEntryTests
{
    [Theory]
    [InlineData("key=plain exp=1800000000 la=1700000000 cas=18446744073709551615 fetch=yes cls=1 size=63 flags=0 ", "plain", 1800000000)]
    [InlineData("key=a%20%00%FFz exp=-1 la=1700000000 cas=18446744073709551615 fetch=no cls=1 size=63", "a \0\u00ffz", 0)]
    [InlineData("key=a%3a exp=-1 la=1700000000 cas=18446744073709551615 fetch=no cls=1 size=63 flags=4 ext_page=1 ext_offset=2 ", "a:", 0)]
    public void Lines_of_every_release_are_read(string line, string key, long expiry)
    {
        Assert.True(DumpEntry.TryParse(Encoding.Latin1.GetBytes(line), out var entry));
        Assert.Equal(key, Encoding.Latin1.GetString(entry.Key));
        Assert.Equal((expiry, 1700000000, ulong.MaxValue, 63), (entry.Expiry, entry.LastAccess, entry.Version, entry.Size));
    }

    [Theory]
    [InlineData("END")]
    [InlineData("key=unfinished")]
    [InlineData("key=a%2 exp=-1 la=1 cas=1 size=1")]
    [InlineData("key=a%zz exp=-1 la=1 cas=1 size=1")]
    [InlineData("key=a exp=soon la=1 cas=1 size=1")]
    public void What_is_no_such_line_is_refused(string line) => Assert.False(DumpEntry.TryParse(Encoding.Latin1.GetBytes(line), out _));
}
