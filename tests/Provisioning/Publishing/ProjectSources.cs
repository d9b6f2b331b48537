using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace CacheOperator.Provisioning.Publishing;

/// <summary>A project, those it refers to, and the build settings around them.</summary>
internal sealed class ProjectSources(string repository, string project)
{
    private static readonly string[] SharedFiles = ["Directory.Build.props", "Directory.Packages.props", "global.json"];
    private static readonly string[] BuildOutput = ["bin", "obj"];
    private readonly string _project = Path.GetFullPath(Path.Combine(repository, project));

    /// <summary>Name of the executable.</summary>
    public string AssemblyName() =>
        XDocument.Load(_project).Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(_project);

    /// <summary>Hash of everything that can change what is built.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Environment.Version.ToString()));
        foreach (var file in Files().Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(repository, file) + '\0'));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private IEnumerable<string> Files()
    {
        var projects = new HashSet<string>();
        Collect(_project, projects);
        return projects.SelectMany(found => SourcesBelow(new DirectoryInfo(Path.GetDirectoryName(found)!)))
            .Concat(SharedFiles.Select(file => Path.Combine(repository, file)).Where(File.Exists));
    }

    private static void Collect(string project, HashSet<string> projects)
    {
        if (projects.Add(project))
        {
            foreach (var reference in XDocument.Load(project).Descendants("ProjectReference").Select(element => element.Attribute("Include")!.Value))
            {
                Collect(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, reference)), projects);
            }
        }
    }

    private static IEnumerable<string> SourcesBelow(DirectoryInfo folder) =>
        folder.EnumerateFiles().Select(file => file.FullName)
            .Concat(folder.EnumerateDirectories().Where(child => !BuildOutput.Contains(child.Name)).SelectMany(SourcesBelow));
}
