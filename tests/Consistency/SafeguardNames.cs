using CacheOperator.Proxy.Configuration;

namespace CacheOperator.Consistency;

/// <summary>Safeguards as the command line names them, and what remains without one.</summary>
internal static class SafeguardNames
{
    private static readonly IReadOnlyDictionary<Safeguard, string> Names = new Dictionary<Safeguard, string>
    {
        [Safeguard.Verification] = "verification",
        [Safeguard.OrderRule] = "order-rule",
        [Safeguard.Tombstones] = "tombstones",
        [Safeguard.Hints] = "hints",
        [Safeguard.IncarnationCheck] = "incarnation-check",
    };

    public static IEnumerable<string> All => Names.Values;

    public static string NameOf(Safeguard safeguard) => Names[safeguard];

    public static Safeguard Parse(string name) => Names.Single(entry => entry.Value == name).Key;

    public static Safeguards AllBut(Safeguard safeguard) => safeguard switch
    {
        Safeguard.Verification => Safeguards.All with { Verification = false },
        Safeguard.OrderRule => Safeguards.All with { OrderRule = false },
        Safeguard.Tombstones => Safeguards.All with { Tombstones = false },
        Safeguard.Hints => Safeguards.All with { Hints = false },
        _ => Safeguards.All with { IncarnationCheck = false },
    };
}
