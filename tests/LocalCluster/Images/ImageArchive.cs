using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CacheOperator.LocalCluster.Images;

/// <summary>Writes images as <c>docker save</c> does: a tar of manifest, configuration and layer. The same content gives the same bytes.</summary>
internal static class ImageArchive
{
    public static async Task WriteAsync(ImageDefinition image, string path, CancellationToken cancellationToken)
    {
        var layer = $"{path}.layer";
        try
        {
            await WriteLayerAsync(image.Files, layer, cancellationToken);
            var layerDigest = await DigestAsync(layer, cancellationToken);
            var configuration = JsonSerializer.SerializeToUtf8Bytes(Configuration(image, layerDigest));
            var configurationName = $"{Convert.ToHexStringLower(SHA256.HashData(configuration))}.json";
            var layerName = $"{layerDigest}.tar";
            var manifest = new JsonArray(new JsonObject
            {
                ["Config"] = configurationName,
                ["RepoTags"] = Strings(image.Names),
                ["Layers"] = new JsonArray(layerName),
            });

            await using var file = File.Create(path);
            await using var tar = new TarWriter(file, TarEntryFormat.Ustar);
            await AddAsync(tar, ImageFile.Text("manifest.json", manifest.ToJsonString()), cancellationToken);
            await AddAsync(tar, new ImageFile(configurationName, ImageFile.Readable, () => new MemoryStream(configuration)), cancellationToken);
            await AddAsync(tar, new ImageFile(layerName, ImageFile.Readable, () => File.OpenRead(layer)), cancellationToken);
        }
        finally
        {
            File.Delete(layer);
        }
    }

    private static async Task WriteLayerAsync(IReadOnlyList<ImageFile> files, string path, CancellationToken cancellationToken)
    {
        await using var layer = File.Create(path);
        await using var tar = new TarWriter(layer, TarEntryFormat.Pax);
        foreach (var file in WithParents(files).OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            await AddAsync(tar, file, cancellationToken);
        }
    }

    private static ImageFile[] WithParents(IReadOnlyList<ImageFile> files)
    {
        var byPath = files.DistinctBy(file => file.Path).ToDictionary(file => file.Path);
        foreach (var file in files)
        {
            for (var parent = Path.GetDirectoryName(file.Path); parent is not (null or "/" or ""); parent = Path.GetDirectoryName(parent))
            {
                byPath.TryAdd(parent, ImageFile.Folder(parent));
            }
        }

        return [.. byPath.Values];
    }

    private static async Task AddAsync(TarWriter tar, ImageFile file, CancellationToken cancellationToken)
    {
        var name = file.Path.TrimStart('/');
        await using var content = file.Open?.Invoke();
        TarEntry entry = tar.Format == TarEntryFormat.Ustar
            ? new UstarTarEntry(content is null ? TarEntryType.Directory : TarEntryType.RegularFile, name)
            : new PaxTarEntry(content is null ? TarEntryType.Directory : TarEntryType.RegularFile, name);
        entry.Mode = file.Mode;
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        if (content is not null)
        {
            entry.DataStream = content;
        }

        await tar.WriteEntryAsync(entry, cancellationToken);
    }

    private static JsonObject Configuration(ImageDefinition image, string layerDigest) => new()
    {
        ["architecture"] = "amd64",
        ["os"] = "linux",
        ["created"] = "1970-01-01T00:00:00Z",
        ["config"] = new JsonObject
        {
            ["User"] = image.User,
            ["Env"] = Strings(["PATH=/usr/local/bin:/usr/bin:/bin", .. image.Environment]),
            ["Entrypoint"] = Strings(image.Entrypoint),
            ["WorkingDir"] = "/",
        },
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray($"sha256:{layerDigest}") },
    };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private static async Task<string> DigestAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}
