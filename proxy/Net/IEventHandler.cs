namespace CacheOperator.Proxy.Net;

/// <summary>What an <see cref="EventLoop"/> calls, on its own thread, when a file descriptor is ready.</summary>
internal interface IEventHandler
{
    void OnReady(Readiness readiness);

    /// <summary>A handler of this descriptor threw: give the descriptor up. The loop goes on.</summary>
    void OnFault(Exception exception);
}
