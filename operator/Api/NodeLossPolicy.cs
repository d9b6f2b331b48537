namespace CacheOperator.Operator.Api;

internal enum NodeLossPolicy
{
    /// <summary>Pods of a lost node are deleted at once when another node of their zone can take them.</summary>
    ForceDelete,

    /// <summary>They are left for a person to decide about.</summary>
    Wait,
}
