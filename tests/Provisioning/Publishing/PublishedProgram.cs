using System.Runtime.InteropServices;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Publishing;

/// <summary>A published program, Release build.</summary>
/// <param name="Folder">All of its files.</param>
/// <param name="Executable">Path of the program to start.</param>
/// <param name="Hash">Changes whenever its sources do.</param>
public sealed record PublishedProgram(string Folder, string Executable, string Hash)
{
    /// <summary>A command that starts it with the .NET that this process runs on, wherever that is installed.</summary>
    public Command Command(params string[] arguments)
    {
        // ROOT/shared/Microsoft.NETCore.App/VERSION
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return new Command(Executable, arguments) { Environment = new Dictionary<string, string> { ["DOTNET_ROOT"] = root } };
    }
}
