using System.Text;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class KeyTextTests
{
    [Theory]
    [InlineData("plain:key", false)]
    [InlineData("tab\tand\u00ff", false)]
    [InlineData("with blank", true)]
    [InlineData("with\nline", true)]
    [InlineData("with\0zero", true)]
    public void Only_keys_that_a_line_cannot_hold_travel_as_base64(string key, bool base64) =>
        Assert.Equal(base64, KeyText.NeedsBase64(Encoding.Latin1.GetBytes(key)));

    [Theory]
    [InlineData('k', 250, true)]
    [InlineData('k', 251, false)]
    [InlineData(' ', 186, true)]
    [InlineData(' ', 187, false)]
    [InlineData('k', 0, false)]
    public void A_key_that_is_too_long_for_a_command_cannot_be_named(char character, int length, bool expected) =>
        Assert.Equal(expected, KeyText.CanBeNamed(Encoding.Latin1.GetBytes(new string(character, length))));
}
