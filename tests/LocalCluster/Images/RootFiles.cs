namespace CacheOperator.LocalCluster.Images;

/// <summary>What every image has besides its program.</summary>
internal static class RootFiles
{
    private const string Authorities = "/etc/ssl/certs/ca-certificates.crt";

    private const string Users =
        """
        root:x:0:0:root:/:/sbin/nologin
        memcache:x:11211:11211:memcache:/:/sbin/nologin
        nobody:x:65534:65534:nobody:/:/sbin/nologin
        nonroot:x:65532:65532:nonroot:/:/sbin/nologin

        """;

    private const string Groups =
        """
        root:x:0:
        memcache:x:11211:
        nobody:x:65534:
        nonroot:x:65532:

        """;

    public static IReadOnlyList<string> Environment => [$"SSL_CERT_FILE={Authorities}"];

    public static IReadOnlyList<ImageFile> Files() =>
    [
        ImageFile.Text("/etc/passwd", Users),
        ImageFile.Text("/etc/group", Groups),
        ImageFile.Text("/etc/nsswitch.conf", "hosts: files dns\n"),
        ImageFile.Copy(Authorities, Authorities),
        ImageFile.SharedFolder("/tmp"),
    ];
}
