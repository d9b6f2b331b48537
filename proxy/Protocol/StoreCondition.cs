namespace CacheOperator.Proxy.Protocol;

/// <summary>How a store treats what a member holds already.</summary>
internal enum StoreCondition
{
    None,

    /// <summary>Only when there is no item.</summary>
    Absent,

    /// <summary>Only over the item of a given version.</summary>
    Version,
}
