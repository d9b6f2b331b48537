using System.Text;

namespace CacheOperator.LocalCluster.Machines;

/// <summary>What a machine's boot script is told. It stays on the machine's disk, so a stopped machine boots again as it was.</summary>
internal sealed record MachineVariables
{
    /// <summary>The machine's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its address.</summary>
    public required string Address { get; init; }

    /// <summary>Folder of its configuration, data and logs.</summary>
    public required string Disk { get; init; }

    /// <summary>Folder that it sees as <c>/run</c>.</summary>
    public required string Run { get; init; }

    /// <summary>Folder of the cluster's certificates.</summary>
    public required string Pki { get; init; }

    /// <summary>Folders of its programs, before those of the host.</summary>
    public required IReadOnlyList<string> Programs { get; init; }

    /// <summary>Control plane only: range of Services' addresses.</summary>
    public string Services { get; init; } = string.Empty;

    /// <summary>Node only: its labels, <c>name=value,...</c>.</summary>
    public string Labels { get; init; } = string.Empty;

    /// <summary>Node only: further flags.</summary>
    public string KubeletFlags { get; init; } = string.Empty;

    public string Render() => new StringBuilder()
        .Append($"NAME='{Name}'\n")
        .Append($"ADDRESS='{Address}'\n")
        .Append($"DISK='{Disk}'\n")
        .Append($"LOGS='{Disk}/logs'\n")
        .Append($"RUN='{Run}'\n")
        .Append($"PKI='{Pki}'\n")
        .Append($"SERVICES='{Services}'\n")
        .Append($"LABELS='{Labels}'\n")
        .Append($"KUBELET_FLAGS='{KubeletFlags}'\n")
        .Append($"export PATH='{string.Join(':', Programs)}':/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n")
        .ToString();
}
