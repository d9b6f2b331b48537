using System.Diagnostics;

namespace CacheOperator.Provisioning.Processes;

/// <summary>A program that runs until it is stopped, its output in a log file. Disposing kills it and everything it started.</summary>
public sealed class BackgroundProcess : IAsyncDisposable
{
    private const int LogTailLines = 20;
    private readonly Process _process;

    private BackgroundProcess(Process process, string logFile)
    {
        _process = process;
        LogFile = logFile;
    }

    public string LogFile { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it with its output appended to <paramref name="logFile"/>.</summary>
    public static BackgroundProcess Start(Command command, string logFile)
    {
        ArgumentNullException.ThrowIfNull(command);
        return new BackgroundProcess(LoggedProcess.Start(command, logFile), logFile);
    }

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    /// <exception cref="ProvisioningException">The program ended, or the time ran out; with the end of its log.</exception>
    public async Task WaitUntilAsync(Func<Task<bool>> condition, string what, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (HasExited)
            {
                throw new ProvisioningException($"{what}: the program ended with code {_process.ExitCode}: {LogTail()}");
            }

            if (watch.Elapsed > timeout)
            {
                throw new ProvisioningException($"{what}: not within {timeout.TotalSeconds:0} s: {LogTail()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    /// <summary>Sends SIGTERM and, when it has not ended after <paramref name="grace"/>, SIGKILL.</summary>
    public async Task StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        await SignalAsync("TERM", cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(grace);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await KillAsync();
        }
    }

    /// <summary>Kills it and everything it started, as a crash would.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Sends a signal by name: STOP freezes the program as an overloaded machine would, CONT lets it go on.</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
        {
            await new Command("/bin/sh", "-c", $"kill -{signal} {Id}").TryRunAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private string LogTail() =>
        File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(LogTailLines)) : "it wrote nothing";
}
