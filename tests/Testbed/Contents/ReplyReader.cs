using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CacheOperator.Testbed.Contents;

/// <summary>Reads the lines and values of memcached's replies.</summary>
internal sealed class ReplyReader(Stream stream)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next line, without its end: <c>\r\n</c>, but <c>\n</c> alone in a metadump.</summary>
    public async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0) await ReadMoreAsync(cancellationToken);
        var line = Encoding.UTF8.GetString(_buffer, _start, length);
        _start += length + 1;
        return line.TrimEnd('\r');
    }

    /// <summary>A hash of the next <paramref name="length"/> bytes, which a line's end follows.</summary>
    public async ValueTask<ulong> HashValueAsync(int length, CancellationToken cancellationToken)
    {
        while (_end - _start < length + 2) await ReadMoreAsync(cancellationToken);
        var hash = SHA256.HashData(_buffer.AsSpan(_start, length));
        _start += length + 2;
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private async ValueTask ReadMoreAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
        var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count > 0 ? count : throw new EndOfStreamException("memcached closed the connection");
    }
}
