namespace CacheOperator.Consistency.Keys;

/// <summary>What clients do with a key.</summary>
internal enum KeyFamily
{
    /// <summary>A few keys that everybody writes all the time.</summary>
    Hot,

    /// <summary>Many keys that are written now and then.</summary>
    Cold,

    /// <summary>A number that is only ever counted up.</summary>
    CountUp,

    /// <summary>A number that is only ever counted down.</summary>
    CountDown,

    /// <summary>Taken by <c>add</c>, given back by <c>delete</c>.</summary>
    Lock,

    /// <summary>Appended to.</summary>
    Log,
}
