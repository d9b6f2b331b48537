namespace CacheOperator.Proxy.Replication;

/// <summary>Why a conditional write is not made on what is stored.</summary>
internal enum Objection
{
    None,

    /// <summary>There is no item; or, where there must be none, there is one.</summary>
    Absent,

    /// <summary>The item is of another version.</summary>
    Exists,
}
