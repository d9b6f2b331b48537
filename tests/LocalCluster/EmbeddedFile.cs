namespace CacheOperator.LocalCluster;

/// <summary>Files that this program carries inside.</summary>
internal static class EmbeddedFile
{
    public static void Write(string name, string path)
    {
        using var resource = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"no embedded file {name}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        resource.CopyTo(file);
    }
}
