namespace CacheOperator.Provisioning.Caching;

/// <summary>An exclusive lock between processes; the kernel drops it when its holder dies, however it dies.</summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Waits until the lock at <paramref name="path"/> is free and takes it.</summary>
    public static async Task<FileLock> TakeAsync(string path, string purpose, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var told = false;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!told)
                {
                    progress?.Report($"another run is {purpose}; waiting for it ...");
                    told = true;
                }

                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }

    public void Dispose() => _stream.Dispose();
}
