using CacheOperator.Integration.Tests.Proxy;
using CacheOperator.Proxy.Reconciliation;

namespace CacheOperator.Integration.Tests.Reconciliation;

/// <summary>Real members that are given items one by one, and compared.</summary>
internal sealed class ReconciliationBench(ProxyFleet fleet) : IAsyncDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ReconciliationCounters Counters { get; } = new();

    public static ReconciliationLimits Limits { get; } = new() { Persistence = TimeSpan.FromMilliseconds(100), Grace = TimeSpan.FromMilliseconds(100) };

    public static async Task<ReconciliationBench> StartAsync() => new(await ProxyFleet.StartAsync(Token, proxies: 0));

    public Task<RawClient> OpenAsync(int member) => fleet.ConnectToMemberAsync(member, Token);

    public async Task StoreAsync(int member, string command)
    {
        using var connection = await OpenAsync(member);
        Assert.Equal("HD", await connection.LineAsync(command, Token));
    }

    public Task<Dictionary<string, StoredItem>> ContentsAsync(int member) => Contents.ReadAsync(fleet.Members[member].EndPoint, Token);

    /// <returns>How many keys differed.</returns>
    public Task<int> CompareAsync(int left, int right, ReconciliationLimits? limits = null, TimeProvider? time = null, bool mayMend = true) =>
        new PairReconciliation(new MemberPair(fleet.Document.Members[left], fleet.Document.Members[right]), _ => true, limits ?? Limits, Counters, time ?? TimeProvider.System)
            .RunAsync(() => mayMend, Token);

    public ValueTask DisposeAsync() => fleet.DisposeAsync();
}
