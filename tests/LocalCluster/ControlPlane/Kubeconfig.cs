using System.Text;

namespace CacheOperator.LocalCluster.ControlPlane;

/// <summary>The file by which clients find and enter a cluster.</summary>
internal static class Kubeconfig
{
    public static string Render(string name, string server, string authorityPem, string token) =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: {name}
        clusters:
        - name: {name}
          cluster:
            server: {server}
            certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem))}
        users:
        - name: {name}
          user:
            token: {token}
        contexts:
        - name: {name}
          context:
            cluster: {name}
            user: {name}

        """;
}
