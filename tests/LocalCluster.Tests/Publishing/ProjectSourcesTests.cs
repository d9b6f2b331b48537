using CacheOperator.Provisioning.Publishing;

namespace CacheOperator.LocalCluster.Tests.Publishing;

public sealed class ProjectSourcesTests : IDisposable
{
    private readonly DirectoryInfo _repository = Directory.CreateTempSubdirectory("project-sources-");

    public ProjectSourcesTests()
    {
        Write("app/App.csproj", """<Project><AssemblyName>the-app</AssemblyName><ProjectReference Include="../lib/Lib.csproj" /></Project>""");
        Write("app/Program.cs", "return 0;");
        Write("lib/Lib.csproj", "<Project />");
        Write("lib/Deep/Thing.cs", "class Thing;");
        Write("Directory.Build.props", "<Project />");
        Write("other/Other.cs", "class Other;");
    }

    [Theory]
    [InlineData("app/Program.cs")]
    [InlineData("app/New.cs")]
    [InlineData("lib/Deep/Thing.cs")]
    [InlineData("Directory.Build.props")]
    public void What_is_built_changes_the_hash(string file)
    {
        var before = Sources().Hash();

        Write(file, "changed");

        Assert.NotEqual(before, Sources().Hash());
    }

    [Theory]
    [InlineData("app/bin/Debug/app.dll")]
    [InlineData("lib/obj/project.assets.json")]
    [InlineData("other/Other.cs")]
    public void What_is_not_built_does_not(string file)
    {
        var before = Sources().Hash();

        Write(file, "changed");

        Assert.Equal(before, Sources().Hash());
    }

    [Fact]
    public void The_program_has_the_name_that_the_project_gives_it() => Assert.Equal("the-app", Sources().AssemblyName());

    public void Dispose() => _repository.Delete(recursive: true);

    private ProjectSources Sources() => new(_repository.FullName, "app/App.csproj");

    private void Write(string file, string content)
    {
        var path = Path.Combine(_repository.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
