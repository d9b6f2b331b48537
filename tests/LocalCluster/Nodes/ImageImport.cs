using System.Diagnostics;
using CacheOperator.LocalCluster.Machines;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.LocalCluster.Nodes;

/// <summary>Gives an image to a node's container runtime.</summary>
internal static class ImageImport
{
    /// <summary>The archive comes through standard input: a node does not see all of the host's folders.</summary>
    private const string Script = "archive=$1; shift; exec \"$@\" <\"$archive\"";

    private static readonly TimeSpan RuntimeTimeout = TimeSpan.FromSeconds(30);

    /// <param name="node">A node that runs, or is about to.</param>
    /// <param name="disk">Folder of the node's own files; remembers what was loaded, as the runtime does.</param>
    /// <param name="archive">Path of an archive as <c>docker save</c> writes it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ProvisioningException">The node does not take it.</exception>
    public static async Task RunAsync(Machine node, string disk, FileInfo archive, CancellationToken cancellationToken)
    {
        var loaded = Path.Combine(disk, "images", $"{archive.FullName.Replace('/', '_')}-{archive.Length}-{archive.LastWriteTimeUtc.Ticks}");
        if (!File.Exists(loaded))
        {
            await ImportAsync(node, archive.FullName, cancellationToken);
            Directory.CreateDirectory(Path.GetDirectoryName(loaded)!);
            await File.WriteAllTextAsync(loaded, string.Empty, cancellationToken);
        }
    }

    private static async Task ImportAsync(Machine node, string archive, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var import = node.Inside("ctr", "--namespace", "k8s.io", "images", "import", "-");
            var fed = new Command("/bin/sh", ["-c", Script, "sh", archive, import.Program, .. import.Arguments]);
            var result = await fed.TryRunAsync(cancellationToken);
            if (result.Succeeded)
            {
                return;
            }

            // A node that has just booted may not have its runtime yet.
            if (watch.Elapsed > RuntimeTimeout)
            {
                throw new ProvisioningException($"loading {archive} into {node.Name}: {result.Error.Trim()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }
}
