namespace CacheOperator.Consistency.Checking;

internal enum ViolationKind
{
    /// <summary>A read returned what had been overwritten or deleted, longer ago than is documented.</summary>
    StaleRead,

    /// <summary>A member at rest holds what had been overwritten or deleted.</summary>
    StaleAtRest,

    /// <summary>Ready members at rest hold different things.</summary>
    Disagreement,

    /// <summary>What was acknowledged, and removed by nobody, is gone.</summary>
    LostWrite,

    /// <summary>A value that nobody wrote, or that was refused.</summary>
    UnknownValue,

    /// <summary>An answer that memcached would not give.</summary>
    WrongAnswer,

    /// <summary>An item after its time.</summary>
    ExpiredValue,

    /// <summary>The same write under two versions, or with other flags.</summary>
    ChangedItem,

    /// <summary>Two <c>cas</c> with the same token won.</summary>
    DoubleCas,

    /// <summary>Two <c>add</c> succeeded, and nothing removed the first one's item.</summary>
    DoubleAdd,

    /// <summary>Two counts gave the same number.</summary>
    LostCount,

    /// <summary>Two logs of one origin of which neither begins with the other.</summary>
    TornLog,

    /// <summary>The fleet did not become whole again.</summary>
    Unsettled,
}
