using CacheOperator.Proxy.Hints;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Members;

/// <summary>The members of the current topology document. Called by one thread at a time.</summary>
internal sealed class MemberRegistry(HintLimits limits, TimeProvider time)
{
    private Dictionary<string, MemberHealth> _current = [];

    /// <summary>Takes over what is known of the document's members, and forgets the others.</summary>
    /// <returns>The members by UID.</returns>
    public IReadOnlyDictionary<string, MemberHealth> Update(TopologyDocument document)
    {
        var next = new Dictionary<string, MemberHealth>();
        foreach (var member in document.Members)
        {
            var known = _current.GetValueOrDefault(member.Uid);
            next[member.Uid] = known?.Epoch == member.Epoch ? known : new MemberHealth(known?.Record ?? new MemberRecord(member.Uid, time), member.Epoch, limits);
        }

        return _current = next;
    }
}
