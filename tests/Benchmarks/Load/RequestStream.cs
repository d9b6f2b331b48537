using System.Text;

namespace CacheOperator.Benchmarks.Load;

/// <summary>
/// Requests for a whole key space in random order, and the exact replies to them, each in one block of memory: a client
/// sends slices of the one and compares with slices of the other. A batch is what a client sends at once.
/// </summary>
internal sealed class RequestStream
{
    private readonly byte[] _requests;
    private readonly byte[] _replies;
    private readonly int[] _requestEnds;
    private readonly int[] _replyEnds;
    private readonly int[] _gets;
    private readonly int[] _sets;

    private RequestStream(byte[] requests, byte[] replies, int[] requestEnds, int[] replyEnds, int[] gets, int[] sets) =>
        (_requests, _replies, _requestEnds, _replyEnds, _gets, _sets) = (requests, replies, requestEnds, replyEnds, gets, sets);

    /// <summary>Batches, before it all starts over.</summary>
    public int Batches => _gets.Length;

    /// <param name="workload">Whose requests they are.</param>
    /// <param name="owner">Distinguishes the keys of those that share members.</param>
    public static RequestStream Build(Workload workload, char owner)
    {
        var random = new Random(Seed: 1);
        var keys = Enumerable.Range(0, workload.Keys).ToArray();
        random.Shuffle(keys);
        var value = new byte[workload.ValueSize];
        value.AsSpan().Fill((byte)owner);
        var batches = keys.Length / (workload.Pipeline * workload.KeysPerGet);
        using var requests = new MemoryStream();
        using var replies = new MemoryStream();
        var (requestEnds, replyEnds) = (new int[batches], new int[batches]);
        var (gets, sets) = (new int[batches], new int[batches]);
        var next = 0;
        for (var batch = 0; batch < batches; batch++)
        {
            for (var i = 0; i < workload.Pipeline; i++)
            {
                if (workload.Mix == Mix.Set || (workload.Mix == Mix.OneToNine && random.Next(10) == 0))
                {
                    requests.Write(Encoding.ASCII.GetBytes($"set {Key(keys[next++])} 0 0 {value.Length}\r\n"));
                    WriteValue(requests, value);
                    replies.Write("STORED\r\n"u8);
                    sets[batch]++;
                    continue;
                }

                requests.Write("get"u8);
                for (var k = 0; k < workload.KeysPerGet; k++)
                {
                    var key = Key(keys[next++]);
                    requests.Write(Encoding.ASCII.GetBytes($" {key}"));
                    replies.Write(Encoding.ASCII.GetBytes($"VALUE {key} 0 {value.Length}\r\n"));
                    WriteValue(replies, value);
                    gets[batch]++;
                }

                requests.Write("\r\n"u8);
                replies.Write("END\r\n"u8);
            }

            (requestEnds[batch], replyEnds[batch]) = ((int)requests.Length, (int)replies.Length);
        }

        return new RequestStream(requests.ToArray(), replies.ToArray(), requestEnds, replyEnds, gets, sets);

        string Key(int number) => $"{owner}-{workload.ValueSize:000000}-{number:00000000}";
    }

    public ReadOnlySpan<byte> Requests(int batch) => Slice(_requests, _requestEnds, batch);

    public ReadOnlySpan<byte> Replies(int batch) => Slice(_replies, _replyEnds, batch);

    /// <summary>Keys that the batch reads.</summary>
    public int Gets(int batch) => _gets[batch];

    /// <summary>Keys that the batch writes.</summary>
    public int Sets(int batch) => _sets[batch];

    private static ReadOnlySpan<byte> Slice(byte[] bytes, int[] ends, int batch)
    {
        var start = batch == 0 ? 0 : ends[batch - 1];
        return bytes.AsSpan(start, ends[batch] - start);
    }

    private static void WriteValue(MemoryStream stream, byte[] value)
    {
        stream.Write(value);
        stream.Write("\r\n"u8);
    }
}
