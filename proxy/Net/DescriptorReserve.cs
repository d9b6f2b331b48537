using Microsoft.Win32.SafeHandles;

namespace CacheOperator.Proxy.Net;

/// <summary>
/// Descriptors that are kept in hand, and let go when clients have taken all others: links to members, the admin API and the
/// runtime, which ends the process when it cannot start a thread, have these then.
/// </summary>
internal sealed class DescriptorReserve : IDisposable
{
    private const int Size = 16;
    private readonly SafeFileHandle?[] _held = new SafeFileHandle?[Size];

    /// <summary>Takes the whole reserve.</summary>
    /// <returns>Whether it is held, and there is at least one descriptor more.</returns>
    public bool TryTake()
    {
        try
        {
            for (var i = 0; i < Size; i++) _held[i] ??= Open();
            Open().Dispose();
            return true;
        }
        catch (IOException)
        {
            Release();
            return false;
        }
    }

    /// <summary>Lets it go.</summary>
    public void Release()
    {
        for (var i = 0; i < Size; i++)
        {
            _held[i]?.Dispose();
            _held[i] = null;
        }
    }

    public void Dispose() => Release();

    private static SafeFileHandle Open() => File.OpenHandle("/dev/null");
}
