namespace CacheOperator.Model.Tests;

public sealed class WarmUpModelTests
{
    private const string Model = "WarmUp.pml";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_order_of_events_leaves_a_copy_of_what_was_overwritten_deleted_or_touched()
    {
        var result = await Spin.CheckAsync(Model, leftOut: null, Token);

        Assert.True(result is { Errors: 0, WasComplete: true }, result.Report);
    }

    [Theory]
    [InlineData("NO_ORDER", "target.copied")]
    [InlineData("NO_VERIFICATION", "target.copied")]
    [InlineData("EARLY_VERIFICATION", "target.copied")]
    [InlineData("NO_EXPIRY_CHECK", "target.copied")]
    [InlineData("NO_WAIT", "target.copied")]
    [InlineData("NO_ADD_ONLY", "target.version==0")]
    [InlineData("NO_REVOKE_CONDITION", "target.version==v")]
    public async Task Each_part_of_the_protocol_is_needed(string leftOut, string claim)
    {
        var result = await Spin.CheckAsync(Model, leftOut, Token);

        Assert.Equal(1, result.Errors);
        Assert.Contains("assertion violated", result.Violation, StringComparison.Ordinal);
        Assert.Contains(claim, result.Violation, StringComparison.Ordinal);
    }
}
