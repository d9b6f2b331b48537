namespace CacheOperator.Fleet;

/// <summary>A fleet's files: the topology as each proxy gets it, the admin token and the logs. Gone when disposed.</summary>
internal sealed class FleetFolder : IDisposable
{
    public FleetFolder() => File.WriteAllText(TokenFile, Token);

    public string Path { get; } = Directory.CreateTempSubdirectory("fleet-").FullName;

    public string Token { get; } = Guid.NewGuid().ToString("N");

    public string TokenFile => System.IO.Path.Combine(Path, "token");

    public string TopologyFile(string proxy) => System.IO.Path.Combine(Path, $"{proxy}.json");

    /// <summary>Replaces a proxy's topology as a whole: nobody reads half of one.</summary>
    public void Write(string proxy, byte[] document)
    {
        File.WriteAllBytes($"{TopologyFile(proxy)}.new", document);
        File.Move($"{TopologyFile(proxy)}.new", TopologyFile(proxy), overwrite: true);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
