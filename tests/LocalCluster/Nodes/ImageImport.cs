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

    public static async Task RunAsync(Machine node, string archive, CancellationToken cancellationToken)
    {
        if (!File.Exists(archive))
        {
            throw new ProvisioningException($"no image archive {archive}");
        }

        var watch = Stopwatch.StartNew();
        while (true)
        {
            var import = node.Inside("ctr", "--namespace", "k8s.io", "images", "import", "-");
            var result = await new Command("/bin/sh", ["-c", Script, "sh", archive, import.Program, .. import.Arguments]).TryRunAsync(cancellationToken);
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
