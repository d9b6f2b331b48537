namespace CacheOperator.Operator.Growth;

/// <summary>What is to be done about a member that has not got its memory yet.</summary>
internal enum GrowthAction
{
    Wait,

    /// <summary>Ask the server for the pod's new resources.</summary>
    Resize,

    /// <summary>It has everything: let it count as what its StatefulSet describes.</summary>
    Finish,

    /// <summary>It is going to be replaced, as for any other change.</summary>
    GiveUp,
}
