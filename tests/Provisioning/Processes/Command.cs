using System.ComponentModel;
using System.Diagnostics;

namespace CacheOperator.Provisioning.Processes;

/// <summary>A program that is run to its end. Cancelling kills it and everything it started.</summary>
public sealed record Command(string Program, params string[] Arguments)
{
    private const int TailLines = 15;

    public string? WorkingDirectory { get; init; }

    public string? Input { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs it and returns its output.</summary>
    /// <exception cref="ProvisioningException">It is not there or ended with another code than 0.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var result = await TryRunAsync(cancellationToken);
        return result.Succeeded
            ? result.Output
            : throw new ProvisioningException($"`{this}` failed with code {result.ExitCode}: {Tail(result)}");
    }

    /// <summary>Runs it and returns how it ended, whatever the exit code.</summary>
    /// <exception cref="ProvisioningException">The program is not there.</exception>
    public async Task<CommandResult> TryRunAsync(CancellationToken cancellationToken)
    {
        using var process = Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(Input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public override string ToString() => string.Join(' ', [Program, .. Arguments]);

    private Process Start()
    {
        var info = new ProcessStartInfo(Program, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = WorkingDirectory ?? string.Empty,
        };
        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        try
        {
            return Process.Start(info) ?? throw new ProvisioningException($"cannot start `{Program}`");
        }
        catch (Win32Exception e)
        {
            throw new ProvisioningException($"cannot start `{Program}`: {e.Message}", e);
        }
    }

    private static string Tail(CommandResult result)
    {
        var text = string.IsNullOrWhiteSpace(result.Error) ? result.Output : result.Error;
        return string.Join('\n', text.TrimEnd().Split('\n').TakeLast(TailLines));
    }
}
