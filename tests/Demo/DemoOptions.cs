using CacheOperator.LocalCluster;

namespace CacheOperator.Demo;

/// <summary>What the person at the terminal asked for.</summary>
internal sealed record DemoOptions
{
    /// <summary>Name of the local cluster.</summary>
    public string ClusterName { get; init; } = ClusterShape.DefaultName;

    /// <summary>An existing cluster to use instead of the local one.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Shell command that powers off a node of that cluster; <c>{node}</c> stands for its name.</summary>
    public string? StopNodeCommand { get; init; }

    /// <summary>Its counterpart, for the next run.</summary>
    public string? StartNodeCommand { get; init; }

    /// <summary>More <c>--set</c> values for the chart, such as the images of that cluster's registry.</summary>
    public IReadOnlyList<string> ChartValues { get; init; } = [];

    public int Keys { get; init; } = 100_000;

    /// <summary>Seconds of traffic before and after the loss.</summary>
    public int CalmSeconds { get; init; } = 10;
}
