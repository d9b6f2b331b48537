using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.LocalCluster.Machines;

/// <summary>
/// One machine of a cluster: a process tree with process, mount, host name and network namespaces of its own. Killing its first process is
/// cutting its power: the kernel takes everything else, containers included, with it.
/// </summary>
/// <remarks>
/// Nothing about processes is written down. Each carries its machine's name in its environment, so even what a killed run left is found.
/// </remarks>
/// <param name="cluster">Name of its cluster.</param>
/// <param name="name">Its own name.</param>
/// <param name="variablesFile">Path of its <see cref="MachineVariables"/>.</param>
internal sealed class Machine(string cluster, string name, string variablesFile)
{
    private const string Marker = "CACHEOPERATOR_MACHINE";
    private static readonly TimeSpan DeathTimeout = TimeSpan.FromSeconds(20);
    private static readonly string[] WithVariables = ["sh", "-c", ". \"$0\"; exec \"$@\""];
    private readonly string _mark = $"{Marker}={cluster}/{name}";

    public string Name => name;

    public bool IsRunning => ProcessTable.WithEnvironment(_mark).Any();

    /// <summary>Boots it with a script as its first process; it lives on when this process ends.</summary>
    /// <param name="networkNamespace">Path of the network namespace that it is to live in.</param>
    /// <param name="script">Path of the boot script.</param>
    /// <param name="logFile">Takes what the script says.</param>
    public void Boot(string networkNamespace, string script, string logFile)
    {
        // A machine has nothing of the environment of whoever boots it: neither proxies nor secrets.
        var command = new Command(
            "setsid", "env", "--ignore-environment", _mark, "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "nsenter", $"--net={networkNamespace}",
            "unshare", "--mount", "--propagation", "slave", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc",
            "sh", script, variablesFile)
        {
            Environment = new Dictionary<string, string> { [Marker] = $"{cluster}/{name}" },
        };
        LoggedProcess.Start(command, logFile).Dispose();
    }

    /// <summary>A command that runs inside, with the machine's programs, files, processes and network.</summary>
    /// <exception cref="ProvisioningException">The machine is not running.</exception>
    public Command Inside(params string[] command)
    {
        var init = ProcessTable.WithEnvironment(_mark).FirstOrDefault(ProcessTable.IsFirstOfItsNamespace);
        return init != 0
            ? new Command("nsenter", ["--target", $"{init}", "--mount", "--net", "--pid", "--uts", .. WithVariables, variablesFile, .. command])
            : throw new ProvisioningException($"{name} is not running");
    }

    /// <summary>Kills every process of a program, as <c>kill -9</c> does.</summary>
    public void Kill(string program)
    {
        foreach (var process in ProcessTable.WithEnvironment(_mark).Where(process => ProcessTable.IsOf(process, program))) ProcessTable.Kill(process);
    }

    /// <summary>Cuts the power and waits until nothing of it is left.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => KillAsync(_mark, cancellationToken);

    /// <summary>Cuts the power of every machine of a cluster, known or not.</summary>
    public static Task KillAllAsync(string cluster, CancellationToken cancellationToken) => KillAsync($"{Marker}={cluster}/", cancellationToken);

    private static async Task KillAsync(string mark, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + DeathTimeout;
        var killed = new HashSet<int>();
        while (true)
        {
            foreach (var process in ProcessTable.WithEnvironment(mark))
            {
                ProcessTable.Kill(process);
                killed.Add(process);
            }

            // The first process of a machine is gone only when the kernel has got rid of all the others.
            killed.RemoveWhere(process => !ProcessTable.IsAlive(process));
            if (killed.Count == 0)
            {
                return;
            }

            if (DateTime.UtcNow > deadline)
            {
                throw new ProvisioningException($"processes do not die: {string.Join(", ", killed)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }
}
