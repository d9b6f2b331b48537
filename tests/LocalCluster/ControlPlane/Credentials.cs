using System.Security.Cryptography;
using System.Text;

namespace CacheOperator.LocalCluster.ControlPlane;

/// <summary>The keys, certificates and tokens of one cluster, in its PKI folder, and the kubeconfigs made from them.</summary>
internal sealed class Credentials(ClusterShape shape, ClusterFolders folders, ClusterAddresses addresses)
{
    private readonly StringBuilder _tokens = new();
    private string _authority = string.Empty;

    /// <summary>Makes everything anew and writes a kubeconfig for each component's and node's machine and for the user.</summary>
    public void Create()
    {
        Directory.CreateDirectory(folders.Pki);
        using var authority = new CertificateAuthority(shape.Name);
        _authority = authority.CertificatePem;
        File.WriteAllText(InPki("ca.crt"), _authority + "\n");
        authority.Issue(
            InPki("api-server"),
            "kube-apiserver",
            [addresses.ControlPlane, addresses.ApiService, "kubernetes", "kubernetes.default", "kubernetes.default.svc"]);
        authority.Issue(InPki("api-server-client"), "kube-apiserver-kubelet-client");
        using var serviceAccounts = RSA.Create(2048);
        SecretFile.Write(InPki("service-accounts.key"), serviceAccounts.ExportRSAPrivateKeyPem() + "\n");

        WriteKubeconfig(folders.Kubeconfig, "admin", "system:masters");
        var controlPlane = folders.Disk(ClusterMachines.ControlPlaneName);
        WriteKubeconfig(Path.Combine(controlPlane, "kube-controller-manager.kubeconfig"), "system:kube-controller-manager");
        WriteKubeconfig(Path.Combine(controlPlane, "kube-scheduler.kubeconfig"), "system:kube-scheduler");
        WriteKubeconfig(Path.Combine(controlPlane, "kube-proxy.kubeconfig"), "system:kube-proxy");
        foreach (var (index, node) in shape.NodeNames().Index())
        {
            WriteKubeconfig(Path.Combine(folders.Disk(node), "kubelet.kubeconfig"), $"system:node:{node}", "system:nodes");
            authority.Issue(Path.Combine(folders.Disk(node), "kubelet"), $"system:node:{node}", node, addresses.Node(index));
            WriteKubeconfig(Path.Combine(folders.Disk(node), "kube-proxy.kubeconfig"), "system:kube-proxy");
        }

        SecretFile.Write(InPki("tokens.csv"), _tokens.ToString());
    }

    private string InPki(string file) => Path.Combine(folders.Pki, file);

    private void WriteKubeconfig(string path, string user, string group = "")
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _tokens.Append($"{token},{user},{user},\"{group}\"\n");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        SecretFile.Write(path, Kubeconfig.Render($"local-cluster-{shape.Name}", addresses.ApiServer, _authority, token));
    }
}
