namespace CacheOperator.Model.Tests;

public sealed class RepairModelTests
{
    private const string Model = "Repair.pml";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_order_of_events_leaves_what_the_target_has_missed_to_lose()
    {
        var result = await Spin.CheckAsync(Model, leftOut: null, Token);

        Assert.True(result is { Errors: 0, WasComplete: true }, result.Report);
    }

    [Theory]
    [InlineData("NO_ORDER", "target.given")]
    [InlineData("NO_WAIT", "target.given")]
    [InlineData("SOURCE_FIRST", "target.given")]
    [InlineData("NO_SWEEP", "target.given")]
    [InlineData("NO_EXPIRY_CHECK", "target.given")]
    [InlineData("NO_REVOKE_CONDITION", "target.version==v")]
    [InlineData("KEEP_LATER_ALWAYS", "target.version!=9")]
    public async Task Each_part_of_the_protocol_is_needed(string leftOut, string claim)
    {
        var result = await Spin.CheckAsync(Model, leftOut, Token);

        Assert.Equal(1, result.Errors);
        Assert.Contains("assertion violated", result.Violation, StringComparison.Ordinal);
        Assert.Contains(claim, result.Violation, StringComparison.Ordinal);
    }
}
