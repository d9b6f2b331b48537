namespace CacheOperator.LocalCluster.ControlPlane;

/// <summary>Files that only their owner reads.</summary>
internal static class SecretFile
{
    public static void Write(string path, string content)
    {
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        writer.Write(content);
    }
}
