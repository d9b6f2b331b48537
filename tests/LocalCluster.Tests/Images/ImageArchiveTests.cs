using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CacheOperator.LocalCluster.Images;

namespace CacheOperator.LocalCluster.Tests.Images;

public sealed class ImageArchiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("image-archive-");

    private readonly ImageDefinition _image = new()
    {
        Names = ["example.org/thing:1", "example.org/thing:latest"],
        Files = [ImageFile.Text("/etc/passwd", "root:x:0:0::/:\n"), ImageFile.SharedFolder("/tmp"), ImageFile.Copy("/usr/bin/thing", "/bin/sh")],
        Entrypoint = ["/usr/bin/thing"],
        Environment = ["A=b"],
    };

    [Fact]
    public async Task The_manifest_names_the_image_and_leads_to_its_parts()
    {
        var parts = await ReadAsync(await WriteAsync("a"));
        var manifest = JsonNode.Parse(parts["manifest.json"].Content)![0]!;

        Assert.Equal(_image.Names, manifest["RepoTags"]!.AsArray().Select(name => (string)name!));
        var configuration = JsonNode.Parse(parts[(string)manifest["Config"]!].Content)!;
        var layer = parts[(string)manifest["Layers"]![0]!].Content;
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(layer))}", (string)configuration["rootfs"]!["diff_ids"]![0]!);
        Assert.Equal("65532:65532", (string)configuration["config"]!["User"]!);
        Assert.Equal("/usr/bin/thing", (string)configuration["config"]!["Entrypoint"]![0]!);
        Assert.Contains("A=b", configuration["config"]!["Env"]!.AsArray().Select(variable => (string)variable!));
    }

    [Fact]
    public async Task The_layer_has_folders_before_their_files_and_root_owns_all()
    {
        var files = await LayerAsync(await WriteAsync("a"));

        Assert.Equal(["etc", "etc/passwd", "tmp", "usr", "usr/bin", "usr/bin/thing"], files.Keys);
        Assert.All(files.Values, file => Assert.Equal((0, 0), (file.Entry.Uid, file.Entry.Gid)));
        Assert.True(files["usr/bin/thing"].Entry.Mode.HasFlag(UnixFileMode.OtherExecute));
        Assert.True(files["tmp"].Entry.Mode.HasFlag(UnixFileMode.StickyBit | UnixFileMode.OtherWrite));
        Assert.Equal(await File.ReadAllBytesAsync("/bin/sh", TestContext.Current.CancellationToken), files["usr/bin/thing"].Content);
    }

    [Fact]
    public async Task The_same_content_gives_the_same_bytes()
    {
        var first = await File.ReadAllBytesAsync(await WriteAsync("a"), TestContext.Current.CancellationToken);
        var second = await File.ReadAllBytesAsync(await WriteAsync("b"), TestContext.Current.CancellationToken);

        Assert.Equal(first, second);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> WriteAsync(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        await ImageArchive.WriteAsync(_image, path, TestContext.Current.CancellationToken);
        return path;
    }

    private static async Task<Dictionary<string, (TarEntry Entry, byte[] Content)>> LayerAsync(string archive)
    {
        var parts = await ReadAsync(archive);
        return Read(new MemoryStream(parts.Single(part => part.Key.EndsWith(".tar", StringComparison.Ordinal)).Value.Content));
    }

    private static async Task<Dictionary<string, (TarEntry Entry, byte[] Content)>> ReadAsync(string archive) =>
        Read(new MemoryStream(await File.ReadAllBytesAsync(archive, TestContext.Current.CancellationToken)));

    private static Dictionary<string, (TarEntry Entry, byte[] Content)> Read(Stream stream)
    {
        var entries = new Dictionary<string, (TarEntry, byte[])>();
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            entries.Add(entry.Name.TrimEnd('/'), (entry, content.ToArray()));
        }

        return entries;
    }
}
