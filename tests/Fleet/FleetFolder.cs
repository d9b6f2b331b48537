using CacheOperator.Topology;

namespace CacheOperator.Fleet;

/// <summary>A fleet's files: the topology, the admin token and the logs. Gone when disposed.</summary>
internal sealed class FleetFolder : IDisposable
{
    public FleetFolder() => File.WriteAllText(TokenFile, Token);

    public string Path { get; } = Directory.CreateTempSubdirectory("fleet-").FullName;

    public string Token { get; } = Guid.NewGuid().ToString("N");

    public string TopologyFile => System.IO.Path.Combine(Path, "topology.json");

    public string TokenFile => System.IO.Path.Combine(Path, "token");

    /// <summary>Replaces the topology as a whole: nobody reads half of one.</summary>
    public void Write(TopologyDocument document)
    {
        File.WriteAllBytes($"{TopologyFile}.new", TopologyJson.Write(document));
        File.Move($"{TopologyFile}.new", TopologyFile, overwrite: true);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
