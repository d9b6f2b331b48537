using CacheOperator.Provisioning.Kubernetes;

namespace CacheOperator.LocalCluster.Nodes;

/// <summary>Contents of the configuration files of a node.</summary>
internal static class NodeFiles
{
    private const string RuntimeEndpoint = "unix:///run/containerd/containerd.sock";
    private const int FirstWithoutRuntimeFlag = 27;
    private const int FirstWithoutControlGroupsV1 = 31;

    /// <param name="disk">Folder of the node's own files.</param>
    /// <param name="runtime">The programs to use.</param>
    public static string Containerd(string disk, ContainerRuntime runtime) =>
        $"""
        version = 2
        root = "{disk}/containerd"
        state = "/run/containerd"
        # No snapshotters that need devices or file systems of their own, and nothing in /opt.
        disabled_plugins = [
          "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
          "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt"]

        [grpc]
        address = "/run/containerd/containerd.sock"

        [plugins."io.containerd.grpc.v1.cri"]
        sandbox_image = "{Images.PauseImage.Name}"
        # Without CAP_SYS_RESOURCE runc cannot lower a process's score and dies of trying.
        restrict_oom_score_adj = true

        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
        runtime_type = "io.containerd.runc.v2"

        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "{runtime.Runc}"

        [plugins."io.containerd.grpc.v1.cri".cni]
        bin_dir = "{runtime.CniFolder}"
        conf_dir = "{disk}/cni"

        """;

    /// <summary>Pods are routed, not bridged: Services then work between pods of one node without help from the bridge's packet filter.</summary>
    public static string PodNetwork(string pods) =>
        $$"""
        {
          "cniVersion": "0.4.0",
          "name": "pods",
          "plugins": [
            {
              "type": "ptp",
              "ipam": { "type": "host-local", "dataDir": "/run/cni", "ranges": [[{ "subnet": "{{pods}}" }]], "routes": [{ "dst": "0.0.0.0/0" }] }
            }
          ]
        }

        """;

    /// <param name="disk">Folder of the node's own files.</param>
    /// <param name="pki">Folder of the cluster's certificates.</param>
    /// <param name="controlGroup">The group that all of the node's pods live below.</param>
    /// <param name="minorVersion">Of the kubelet: 20 is 1.20.</param>
    public static string Kubelet(string disk, string pki, string controlGroup, int minorVersion) =>
        $$"""
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        authentication:
          anonymous: { enabled: false }
          webhook: { enabled: false }
          x509: { clientCAFile: "{{pki}}/ca.crt" }
        authorization: { mode: AlwaysAllow }
        tlsCertFile: "{{disk}}/kubelet.crt"
        tlsPrivateKeyFile: "{{disk}}/kubelet.key"
        resolvConf: "{{disk}}/resolv.conf"
        failSwapOn: false
        cgroupDriver: cgroupfs
        cgroupRoot: {{controlGroup}}
        enforceNodeAllocatable: []
        # All nodes share this machine's disk and memory: its pressure is not theirs to relieve.
        evictionHard: { memory.available: 1Mi, nodefs.available: 0.1%, nodefs.inodesFree: 0.1%, imagefs.available: 0.1% }
        imageGCHighThresholdPercent: 100
        imageGCLowThresholdPercent: 99
        # Node loss shows in seconds.
        nodeStatusUpdateFrequency: 2s
        nodeLeaseDurationSeconds: 8

        """
        + (HasRuntimeFlag(minorVersion) ? string.Empty : $"containerRuntimeEndpoint: {RuntimeEndpoint}\n")
        + (minorVersion >= FirstWithoutControlGroupsV1 ? "failCgroupV1: false\n" : string.Empty);

    /// <summary>Flags for what older kubelets cannot be told by file.</summary>
    public static string KubeletFlags(int minorVersion) =>
        HasRuntimeFlag(minorVersion) ? $"--container-runtime=remote --container-runtime-endpoint={RuntimeEndpoint}" : string.Empty;

    /// <param name="disk">Folder of the machine's own files.</param>
    /// <param name="pods">Range of all pods' addresses; other clients of Services get their address translated.</param>
    public static string KubeProxy(string disk, string pods) =>
        $$"""
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        kind: KubeProxyConfiguration
        clientConnection: { kubeconfig: "{{disk}}/kube-proxy.kubeconfig" }
        mode: iptables
        clusterCIDR: {{pods}}
        # The connection table's size is the host's to set.
        conntrack: { maxPerCore: 0 }

        """;

    private static bool HasRuntimeFlag(int minorVersion) => minorVersion < FirstWithoutRuntimeFlag;
}
