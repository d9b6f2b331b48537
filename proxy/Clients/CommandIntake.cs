using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Clients;

/// <summary>Takes a client's commands out of its input, one after the other, for as long as the client may begin more.</summary>
/// <param name="client">Whose commands they are.</param>
/// <param name="worker">Who carries them out.</param>
internal struct CommandIntake(ClientConnection client, Worker worker)
{
    // Of a value that is not wanted.
    private long _swallow;
    private CommandKind _listKind;
    private int _listExptime;
    private int _listLength;
    private bool _hasSpoken;

    /// <summary>Whether what is left of the input is the beginning of a command.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>See <see cref="Net.InputBuffer.Needed"/>.</summary>
    public int Needed { get; private set; }

    /// <returns>How many bytes were taken.</returns>
    public int Take(ReadOnlySpan<byte> data)
    {
        (IsIncomplete, Needed) = (false, 0);
        if (!_hasSpoken && BinaryProtocol.IsRequest(data)) return RefuseBinary(data);
        _hasSpoken = true;
        var consumed = 0;
        while (consumed < data.Length && client.IsOpen)
        {
            if (client.IsLeaving) return data.Length;
            if (_swallow > 0)
            {
                var skipped = (int)Math.Min(_swallow, data.Length - consumed);
                _swallow -= skipped;
                consumed += skipped;
                continue;
            }

            if (!client.MayBegin()) break;
            if (_listLength > 0)
            {
                consumed += GoOnRetrieving(data[consumed..]);
                continue;
            }

            if (!ClientParser.TryParse(data[consumed..], worker.Settings.MaxItemSize, out var command, out var used, out var needed))
            {
                (IsIncomplete, Needed) = (true, needed);
                break;
            }

            if (!client.MayBegin(command)) break;
            consumed += used;
            _swallow = command.Swallow;
            worker.Commands.Execute(client, command);
            if (_listLength > 0) consumed -= _listLength + LineEnd(data[..consumed]);
        }

        return consumed;
    }

    /// <summary>Begins to retrieve a list of keys; it goes on when the client can take more.</summary>
    public void Retrieve(in ClientCommand command)
    {
        (_listKind, _listExptime) = (command.Kind, command.Exptime);
        _listLength = worker.Commands.Retrieve(client, command.Kind, command.Exptime, command.Key).Length;
    }

    // What is left of a list is left in the input.
    private int GoOnRetrieving(ReadOnlySpan<byte> data)
    {
        var length = _listLength;
        _listLength = worker.Commands.Retrieve(client, _listKind, _listExptime, data[..length]).Length;
        return _listLength > 0 ? length - _listLength : length + (data[length] == '\r' ? 2 : 1);
    }

    private static int LineEnd(ReadOnlySpan<byte> line) => line is [.., (byte)'\r', _] ? 2 : 1;

    private int RefuseBinary(ReadOnlySpan<byte> data)
    {
        if (data.Length < BinaryProtocol.HeaderLength)
        {
            (IsIncomplete, Needed) = (true, BinaryProtocol.HeaderLength);
            return 0;
        }

        _hasSpoken = true;
        worker.Metrics.BinaryClients++;
        client.Reply(BinaryProtocol.Refuse(data));
        client.Leave();
        return data.Length;
    }
}
