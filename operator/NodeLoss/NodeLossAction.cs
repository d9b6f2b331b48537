namespace CacheOperator.Operator.NodeLoss;

internal enum NodeLossAction
{
    /// <summary>The grace period is not over.</summary>
    Wait,

    /// <summary>The pod is deleted without asking its node.</summary>
    ForceDelete,

    /// <summary>It would be, but enough was deleted in its zone just now.</summary>
    Postpone,

    /// <summary>No other node of the zone could take it: deleting it would gain nothing, and the node may come back with it.</summary>
    NoOtherNode,

    /// <summary>The policy leaves it to a person.</summary>
    LeftToPolicy,
}
