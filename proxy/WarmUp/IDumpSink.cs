namespace CacheOperator.Proxy.WarmUp;

/// <summary>Takes the lines of a dump as fast as they come: memcached before 1.6.44 garbles a dump whose reader pauses.</summary>
internal interface IDumpSink
{
    void Add(in DumpEntry entry);
}
