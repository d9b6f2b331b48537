namespace CacheOperator.Proxy.Protocol;

/// <summary>How a store treats what a member holds already.</summary>
internal enum StoreCondition
{
    None,

    /// <summary>Only when there is no item.</summary>
    Absent,

    /// <summary>Only over the item of a given version.</summary>
    Version,

    /// <summary>Only at the end of the item of a given version.</summary>
    Appending,

    /// <summary>Only in front of the item of a given version.</summary>
    Prepending,
}
