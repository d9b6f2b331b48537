using CacheOperator.Provisioning;

namespace CacheOperator.Testbed;

/// <summary>The checkout that this program was built from.</summary>
public static class Repository
{
    public static string Folder { get; } = Find();

    public static string Chart => Path.Combine(Folder, "charts", "cache-operator");

    /// <summary>The five lines of the README.</summary>
    public static string Sample => Path.Combine(Folder, "samples", "sessions.yaml");

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CacheOperator.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new ProvisioningException($"{AppContext.BaseDirectory} is not inside the repository");
        return folder;
    }
}
