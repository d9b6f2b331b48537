namespace CacheOperator.Proxy.Protocol;

/// <summary>The fixed answers to clients, byte for byte as memcached 1.6 gives them.</summary>
internal static class Replies
{
    public static readonly byte[] Stored = "STORED\r\n"u8.ToArray();
    public static readonly byte[] NotStored = "NOT_STORED\r\n"u8.ToArray();
    public static readonly byte[] Exists = "EXISTS\r\n"u8.ToArray();
    public static readonly byte[] Touched = "TOUCHED\r\n"u8.ToArray();
    public static readonly byte[] Deleted = "DELETED\r\n"u8.ToArray();
    public static readonly byte[] NotFound = "NOT_FOUND\r\n"u8.ToArray();
    public static readonly byte[] End = "END\r\n"u8.ToArray();
    public static readonly byte[] Ok = "OK\r\n"u8.ToArray();
    public static readonly byte[] Reset = "RESET\r\n"u8.ToArray();
    public static readonly byte[] Error = "ERROR\r\n"u8.ToArray();
    public static readonly byte[] BadFormat = "CLIENT_ERROR bad command line format\r\n"u8.ToArray();
    public static readonly byte[] BadExptime = "CLIENT_ERROR invalid exptime argument\r\n"u8.ToArray();
    public static readonly byte[] BadDelta = "CLIENT_ERROR invalid numeric delta argument\r\n"u8.ToArray();
    public static readonly byte[] BadDataChunk = "CLIENT_ERROR bad data chunk\r\n"u8.ToArray();
    public static readonly byte[] InvalidFlag = "CLIENT_ERROR invalid flag\r\n"u8.ToArray();
    public static readonly byte[] DuplicateFlag = "CLIENT_ERROR duplicate flag\r\n"u8.ToArray();
    public static readonly byte[] TooManyFlags = "CLIENT_ERROR options flags are too long\r\n"u8.ToArray();
    public static readonly byte[] BadToken = "CLIENT_ERROR bad token in command line format\r\n"u8.ToArray();
    public static readonly byte[] BadBase64 = "CLIENT_ERROR error decoding key\r\n"u8.ToArray();
    public static readonly byte[] OpaqueTooLong = "CLIENT_ERROR opaque token too long\r\n"u8.ToArray();
    public static readonly byte[] BadArithmeticFlag = "CLIENT_ERROR invalid or duplicate flag\r\n"u8.ToArray();
    public static readonly byte[] BadSetMode = "CLIENT_ERROR invalid mode for ms M token\r\n"u8.ToArray();
    public static readonly byte[] BadArithmeticMode = "CLIENT_ERROR invalid mode for ma M token\r\n"u8.ToArray();
    public static readonly byte[] Noop = "MN\r\n"u8.ToArray();
    public static readonly byte[] TooLarge = "SERVER_ERROR object too large for cache\r\n"u8.ToArray();
    public static readonly byte[] NoTopology = "SERVER_ERROR no topology\r\n"u8.ToArray();

    /// <summary>Other proxies act by a newer topology.</summary>
    public static readonly byte[] Outdated = "SERVER_ERROR outdated topology\r\n"u8.ToArray();

    /// <summary>The key is <see cref="CacheOperator.Topology.ReservedKey"/>.</summary>
    public static readonly byte[] Reserved = "CLIENT_ERROR reserved key\r\n"u8.ToArray();

    public static readonly byte[] TooManyClients = "ERROR Too many open connections\r\n"u8.ToArray();

    /// <summary>No replica of the key's shard can be asked.</summary>
    public static readonly byte[] NoReplica = "SERVER_ERROR no replica of this key answers\r\n"u8.ToArray();

    /// <summary>Most replicas of the key's shard could not be reached: the write may or may not last.</summary>
    public static readonly byte[] NoMajority = "SERVER_ERROR no majority of the replicas reached\r\n"u8.ToArray();

    /// <summary>Other writers of the key came in between every single time.</summary>
    public static readonly byte[] Contended = "SERVER_ERROR too many concurrent changes of this key\r\n"u8.ToArray();

    /// <summary>Not all shards could be flushed.</summary>
    public static readonly byte[] NotFlushed = "SERVER_ERROR too few replicas of some shard answer\r\n"u8.ToArray();
}
