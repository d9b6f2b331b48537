using System.Net.Sockets;
using System.Text;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Says what is wrong with one member of a copy, in one way for all connections to it.</summary>
/// <param name="role">What the member is to the copy: source or target.</param>
/// <param name="member">The member, with an address.</param>
internal sealed class MemberFaults(string role, Member member)
{
    private const int QuotedBytes = 200;

    private readonly string _who = $"{role} {member.Name} ({member.Address})";

    public CopyException Failure(string what, Exception? inner = null) =>
        inner is null ? new CopyException($"{_who} {what}") : new CopyException($"{_who} {what}", inner);

    public CopyException Unexpected(ReadOnlySpan<byte> reply) =>
        Failure($"answered \"{Encoding.ASCII.GetString(reply[..Math.Min(reply.Length, QuotedBytes)])}\"");

    public CopyException Silence(TimeSpan patience) => Failure($"did not answer within {patience.TotalSeconds:0} s");

    public CopyException Closed() => Failure("closed the connection");

    public CopyException Unreachable(SocketException reason) => Failure($"cannot be reached: {reason.Message}", reason);

    /// <exception cref="CopyException">It is another process than the topology names.</exception>
    public void Check(MemberVitals vitals)
    {
        if (member.Incarnation is { } incarnation && vitals.Incarnation != incarnation)
            throw Failure($"is another process than the topology names ({vitals.Incarnation}, not {incarnation}): it restarted");
    }
}
