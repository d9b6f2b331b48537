namespace CacheOperator.LocalCluster.Images;

/// <summary>A file or folder of an image; the owner is root.</summary>
/// <param name="Path">Absolute path inside.</param>
/// <param name="Mode">Permissions.</param>
/// <param name="Open">Opens the content; null makes it a folder.</param>
internal sealed record ImageFile(string Path, UnixFileMode Mode, Func<Stream>? Open)
{
    public const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode Shared = Executable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;

    public static ImageFile Folder(string path) => new(path, Executable, null);

    /// <summary>A folder like <c>/tmp</c>.</summary>
    public static ImageFile SharedFolder(string path) => new(path, Shared, null);

    public static ImageFile Text(string path, string content) =>
        new(path, Readable, () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)));

    /// <summary>Copies a file of this machine, following links; executable if it is so here.</summary>
    public static ImageFile Copy(string path, string source) =>
        new(path, (File.GetUnixFileMode(source) & UnixFileMode.UserExecute) != 0 ? Executable : Readable, () => File.OpenRead(source));
}
