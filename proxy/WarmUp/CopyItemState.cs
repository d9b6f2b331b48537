namespace CacheOperator.Proxy.WarmUp;

/// <summary>How far an item of a batch is.</summary>
internal enum CopyItemState : byte
{
    /// <summary>To be read from the source later.</summary>
    Waiting,

    /// <summary>To be read from the source.</summary>
    Listed,

    /// <summary>Read; its store command is in the batch's payload.</summary>
    Read,

    /// <summary>The target stored it; to be verified on the source.</summary>
    Stored,

    /// <summary>The source still holds exactly what was copied.</summary>
    Verified,

    /// <summary>The source holds something else by now, or nothing: the copy must go.</summary>
    Outdated,

    /// <summary>The target holds another one than was to be replaced: a client's newer write, or an earlier copy.</summary>
    Present,

    /// <summary>The target no longer holds what was to be replaced, nor anything else.</summary>
    Vanished,

    /// <summary>The source no longer holds it, or only in a form that is not worth copying.</summary>
    Gone,

    /// <summary>The target refused to store it.</summary>
    Refused,
}
