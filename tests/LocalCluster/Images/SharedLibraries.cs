using CacheOperator.Provisioning.Processes;

namespace CacheOperator.LocalCluster.Images;

/// <summary>Finds the shared libraries that programs need, as the dynamic loader of this machine would.</summary>
internal static class SharedLibraries
{
    /// <summary>Paths of everything that the given programs and libraries link to, the loader included.</summary>
    public static async Task<IReadOnlyCollection<string>> OfAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var libraries = new HashSet<string>();
        foreach (var file in files)
        {
            // "libz.so.1 => /lib/x/libz.so.1 (0x7f..)", "/lib64/ld-linux-x86-64.so.2 (0x7f..)"; "not found" and static programs give nothing.
            var result = await new Command("ldd", file).TryRunAsync(cancellationToken);
            libraries.UnionWith(result.Output.Split('\n')
                .Select(line => line.Contains("=> ", StringComparison.Ordinal) ? line[(line.IndexOf("=> ", StringComparison.Ordinal) + 3)..] : line)
                .Select(line => line.Trim().Split(' ')[0])
                .Where(path => path.StartsWith('/') && File.Exists(path)));
        }

        return libraries;
    }

    /// <summary>Paths of libraries that a program opens by name only while it runs, and of what those link to.</summary>
    public static async Task<IReadOnlyCollection<string>> ByNameAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var known = (await new Command("/sbin/ldconfig", "-p").RunAsync(cancellationToken)).Split('\n')
            .Select(line => line.Trim().Split(" => "))
            .Where(parts => parts.Length == 2)
            .ToLookup(parts => parts[0].Split(' ')[0], parts => parts[1]);
        var found = names.Select(name => known[name].FirstOrDefault()).OfType<string>().ToArray();
        return [.. found, .. await OfAsync(found, cancellationToken)];
    }
}
