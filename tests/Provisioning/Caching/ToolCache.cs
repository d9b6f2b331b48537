namespace CacheOperator.Provisioning.Caching;

/// <summary>Folders of things that took time to get, <c>${XDG_CACHE_HOME:-~/.cache}/cacheoperator/NAME-VERSION</c>: whole or absent.</summary>
public static class ToolCache
{
    public static string Root
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            return Path.Combine(
                string.IsNullOrEmpty(cache)
                    ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache")
                    : cache,
                "cacheoperator");
        }
    }

    /// <summary>
    /// Returns the folder of <paramref name="name"/>-<paramref name="version"/>; when it is not there, <paramref name="build"/> fills a
    /// temporary folder beside it that is then renamed. Two runs never build the same thing at once.
    /// </summary>
    public static async Task<string> GetOrBuildAsync(
        string name, string version, Func<string, Task> build, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(build);
        var folder = Path.Combine(Root, $"{name}-{version}");
        if (Directory.Exists(folder))
        {
            MarkUsed(folder);
            return folder;
        }

        using var held = await FileLock.TakeAsync($"{folder}.lock", $"getting {name} {version}", progress, cancellationToken);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        RemoveLeftovers(folder);
        var unfinished = $"{folder}.unfinished-{Environment.ProcessId}";
        Directory.CreateDirectory(unfinished);
        try
        {
            await build(unfinished);
            Directory.Move(unfinished, folder);
        }
        catch
        {
            TryDelete(unfinished);
            throw;
        }

        return folder;
    }

    /// <summary>Removes all but the <paramref name="kept"/> versions of <paramref name="name"/> that were asked for last.</summary>
    public static void Prune(string name, int kept)
    {
        var versions = Directory.GetDirectories(Root, $"{name}-*")
            .Where(folder => !Path.GetFileName(folder).Contains('.', StringComparison.Ordinal))
            .OrderByDescending(Directory.GetLastWriteTimeUtc);
        foreach (var folder in versions.Skip(kept))
        {
            TryDelete(folder);
            File.Delete($"{folder}.lock");
        }
    }

    private static void MarkUsed(string folder)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow);
        }
        catch (UnauthorizedAccessException)
        {
            // Somebody else's cache serves as well.
        }
    }

    private static void RemoveLeftovers(string folder)
    {
        foreach (var leftover in Directory.GetDirectories(Root, $"{Path.GetFileName(folder)}.unfinished-*"))
        {
            TryDelete(leftover);
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A program of the failed build may still be writing; the next build removes the rest.
        }
    }
}
