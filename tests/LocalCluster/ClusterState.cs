using System.Text.Json;

namespace CacheOperator.LocalCluster;

/// <summary>What a later run must know about a cluster. It is written once the cluster is up: there is none while it comes up.</summary>
/// <param name="Shape">What was asked for.</param>
/// <param name="Network">See <see cref="ClusterAddresses"/>.</param>
/// <param name="Kubernetes">Path of the API server's program, which tells versions apart.</param>
/// <param name="Tool">Identity of the build that brought it up: another one may configure it otherwise.</param>
internal sealed record ClusterState(ClusterShape Shape, int Network, string Kubernetes, Guid Tool)
{
    public static Guid CurrentTool => typeof(ClusterState).Module.ModuleVersionId;

    public static ClusterState? Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<ClusterState>(File.ReadAllText(path)) : null;

    public void Write(string path)
    {
        var unfinished = $"{path}.unfinished";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(this));
        File.Move(unfinished, path);
    }
}
