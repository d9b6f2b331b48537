using System.Net;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Hints;

/// <summary>
/// Waits until a member has closed its end of every connection that this proxy gave up with requests unanswered: what
/// stands unread in one, the member executes whenever it comes to it, after newer writes on newer connections.
/// </summary>
internal static class ConnectionFence
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Where the network translates addresses, the member lists nothing that this side would know again.</summary>
    private static readonly TimeSpan UnseenGrace = TimeSpan.FromSeconds(1);

    public static async Task PassAsync(MemberLink member, MemberRecord record, TimeProvider time, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPEndPoint> goneBefore = [];
        record.Forget(Plain(member.LocalEndPoint));
        while (record.Abandoned is { Count: > 0 } abandoned)
        {
            var open = await ListAsync(member);
            var gone = abandoned.Where(c => !open.Contains(Plain(c))).ToList();
            if (!open.Contains(Plain(member.LocalEndPoint)))
            {
                await Task.Delay(UnseenGrace, time, cancellationToken);
                goneBefore = gone;
            }

            // Looked for twice: a connection just accepted is not listed before one of the member's threads has taken it over.
            foreach (var connection in gone.Intersect(goneBefore)) record.Forget(connection);
            goneBefore = gone;
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private static async Task<HashSet<IPEndPoint>> ListAsync(MemberLink member)
    {
        var open = new HashSet<IPEndPoint>();
        await member.SendAsync("stats conns\r\n"u8.ToArray());
        while (true)
        {
            while (member.TryReadLine(out var line))
            {
                if (line.SequenceEqual("END"u8)) return open;
                if (!line.StartsWith("STAT "u8)) throw member.Unexpected(line);
                if (TryParse(line, out var address)) open.Add(address);
            }

            await member.ReceiveAsync();
        }
    }

    // STAT 28:addr tcp:127.0.0.1:57908, or tcp6:[::1]:57908.
    private static bool TryParse(ReadOnlySpan<byte> line, out IPEndPoint address)
    {
        address = new IPEndPoint(IPAddress.None, 0);
        var at = line.IndexOf(":addr tcp"u8);
        if (at < 0) return false;
        var text = line[(at + ":addr tcp"u8.Length)..];
        Span<char> characters = stackalloc char[text.Length];
        System.Text.Encoding.Latin1.GetChars(text, characters);
        if (!IPEndPoint.TryParse(characters[(text.IndexOf((byte)':') + 1)..], out var parsed)) return false;
        address = Plain(parsed);
        return true;
    }

    private static IPEndPoint Plain(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}
