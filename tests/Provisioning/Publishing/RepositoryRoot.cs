namespace CacheOperator.Provisioning.Publishing;

/// <summary>The source tree that this program was built from.</summary>
public static class RepositoryRoot
{
    private const string Mark = "CacheOperator.sln";

    /// <exception cref="ProvisioningException">The program runs outside of its source tree.</exception>
    public static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Mark)))
            {
                return folder;
            }
        }

        throw new ProvisioningException($"no {Mark} above {AppContext.BaseDirectory}: run this from the source tree");
    }
}
