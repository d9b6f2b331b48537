using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Members;

/// <summary>Whoever waits for replies of members.</summary>
internal abstract class ReplyTarget
{
    /// <param name="replica">The number given with the request.</param>
    /// <param name="tag">The tag given with the request.</param>
    /// <param name="reply">Valid during the call.</param>
    internal abstract void Deliver(int replica, int tag, in MemberReply reply);

    /// <summary>The connection was lost or given up before the reply came: the member may or may not have acted.</summary>
    internal abstract void Fail(int replica, int tag);

    /// <summary>One of several parts of a reply; <see cref="Deliver"/> follows with the last one.</summary>
    /// <param name="replica">The number given with the request.</param>
    /// <param name="tag">The tag given with the request.</param>
    /// <param name="reply">Valid during the call.</param>
    internal virtual void OnPart(int replica, int tag, in MemberReply reply)
    {
    }

    /// <summary>The member takes long; it may still answer.</summary>
    internal virtual void OnSlow()
    {
    }
}
