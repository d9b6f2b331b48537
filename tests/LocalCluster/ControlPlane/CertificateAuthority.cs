using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CacheOperator.LocalCluster.ControlPlane;

/// <summary>Issues the certificates of one cluster; its own key is gone when the cluster is up.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private static readonly DateTimeOffset NotBefore = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset NotAfter = DateTimeOffset.UtcNow.AddYears(5);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public CertificateAuthority(string clusterName)
    {
        var request = new CertificateRequest($"CN=local-cluster-{clusterName}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(NotBefore, NotAfter);
    }

    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>Writes <c>FILE.crt</c> and <c>FILE.key</c> for a server, or for a client when it has no names.</summary>
    public void Issue(string file, string commonName, params string[] serverNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in serverNames)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }
        }

        if (serverNames.Length > 0)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
        const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
        var usage = new Oid(serverNames.Length > 0 ? ServerAuthentication : ClientAuthentication);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], false));
        using var certificate = request.Create(_certificate, NotBefore, NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText($"{file}.crt", certificate.ExportCertificatePem() + "\n");
        SecretFile.Write($"{file}.key", key.ExportECPrivateKeyPem() + "\n");
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
