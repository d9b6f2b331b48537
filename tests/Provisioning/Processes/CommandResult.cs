namespace CacheOperator.Provisioning.Processes;

/// <summary>What a finished program left: its exit code and what it wrote.</summary>
public readonly record struct CommandResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;
}
