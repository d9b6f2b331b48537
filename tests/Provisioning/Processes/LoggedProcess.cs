using System.Diagnostics;

namespace CacheOperator.Provisioning.Processes;

/// <summary>Starts a program whose output goes straight to a file, so that it outlives this process without losing its voice.</summary>
public static class LoggedProcess
{
    private const string Script = "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null";

    public static Process Start(Command command, string logFile)
    {
        ArgumentNullException.ThrowIfNull(command);
        Directory.CreateDirectory(Path.GetDirectoryName(logFile)!);
        var info = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", logFile, command.Program, .. command.Arguments])
        {
            WorkingDirectory = command.WorkingDirectory ?? string.Empty,
        };

        // A .NET program that is killed would leave the sockets of these in /tmp.
        info.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in command.Environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info) ?? throw new ProvisioningException($"cannot start `{command}`");
    }
}
