using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Testbed.Kubernetes;

/// <summary>kubectl against one cluster.</summary>
/// <param name="Program">Path of kubectl.</param>
/// <param name="Kubeconfig">Path of the kubeconfig.</param>
public sealed record KubectlClient(string Program, string Kubeconfig)
{
    /// <summary>Runs it and returns what it wrote.</summary>
    public Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments) => Command(arguments).RunAsync(cancellationToken);

    /// <summary>Runs it and returns how it ended.</summary>
    public Task<CommandResult> TryRunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        Command(arguments).TryRunAsync(cancellationToken);

    /// <summary>Applies a manifest and returns how it ended.</summary>
    public Task<CommandResult> ApplyAsync(string manifest, string @namespace, CancellationToken cancellationToken) =>
        (Command("apply", "--namespace", @namespace, "-f", "-") with { Input = manifest }).TryRunAsync(cancellationToken);

    internal Command Command(params string[] arguments) => new(Program, ["--kubeconfig", Kubeconfig, .. arguments]);
}
