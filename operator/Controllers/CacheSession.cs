using CacheOperator.Operator.Autoscaling;
using CacheOperator.Operator.Growth;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Topology;

namespace CacheOperator.Operator.Controllers;

/// <summary>
/// What this process remembers of one cache between reconciles. None of it is needed: a new leader finds it out again.
/// </summary>
/// <param name="uid">UID of the cache: a new one of the same name gets a new session.</param>
/// <param name="now">When the session began.</param>
internal sealed class CacheSession(string uid, DateTimeOffset now)
{
    public string Uid { get; } = uid;

    public ProxyRoster Roster { get; } = new();

    public WrittenTopology? Written { get; set; }

    /// <summary>What the last reconcile found, when it left nothing to do or to wait for; else null.</summary>
    public CacheAtRest? AtRest { get; set; }

    public string? Token { get; set; }

    public DateTimeOffset TokenRead { get; set; }

    /// <summary>The last settings that were in force, by which a running fleet is kept alive while its spec is not valid.</summary>
    public CacheSettings? LastValid { get; set; }

    /// <summary>The load of the members so far, for the autoscaler of shards.</summary>
    public ShardPressure Pressure { get; set; } = new(now);

    public MissingPods MissingPods { get; } = new();

    public GrowthLedger Growth { get; } = new();

    /// <summary>When a status was last written, or the session began.</summary>
    public DateTimeOffset StatusWritten { get; set; } = now;
}
