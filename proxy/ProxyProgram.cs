using System.Net.Sockets;
using System.Runtime.InteropServices;
using CacheOperator.Proxy.Configuration;
using CacheOperator.Proxy.Heat;
using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy;

/// <summary>The program: a proxy as its command line and environment describe it, until a signal ends it.</summary>
internal static class ProxyProgram
{
    // For members, the admin API, copies, and files.
    private const int DescriptorsBesideClients = 256;

    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, Safeguards safeguards)
    {
        var command = new SettingsCommand(Environment.GetEnvironmentVariable);
        command.Command.SetAction((result, cancellationToken) => RunAsync(command, result, safeguards, cancellationToken));
        var parsed = command.Command.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
            return ExitCode.Usage;
        }

        // The signals are handled below: the shutdown takes longer than System.CommandLine would wait.
        return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
    }

    private static async Task<int> RunAsync(
        SettingsCommand command, System.CommandLine.ParseResult result, Safeguards safeguards, CancellationToken cancellationToken)
    {
        ProxySettings settings;
        try
        {
            settings = command.Read(result) with { Safeguards = safeguards };
        }
        catch (SettingsException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.Usage;
        }

        using var loggers = LoggerFactory.Create(logging => logging
            .AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"))
            .AddFilter("Microsoft", LogLevel.Warning));
        var terminated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);

        var serverLog = new ServerLog(loggers.CreateLogger("CacheOperator.Proxy"));
        var room = DescriptorLimit.Raise() - DescriptorsBesideClients;
        if (room < 1)
        {
            serverLog.CannotStart($"the limit of open files (ulimit -n) must be above {DescriptorsBesideClients}");
            return ExitCode.Unavailable;
        }

        if (settings.MaxClients > room)
        {
            serverLog.TooFewDescriptors(room, settings.MaxClients, settings.MaxClients + DescriptorsBesideClients);
            settings = settings with { MaxClients = (int)room };
        }

        var copyLog = new CopyLog(loggers.CreateLogger("CacheOperator.Proxy.WarmUp"));
        var heat = new ReadHeat(settings.Loops);
        var copies = new CopySupervisor(settings.Name, new CopyLimits { Safeguards = safeguards }, heat, TimeProvider.System, copyLog);
        await using var server = new ProxyServer(settings, heat, copies, loggers, TimeProvider.System);
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            serverLog.CannotStart(e.Message);
            return ExitCode.Unavailable;
        }

        await terminated.Task;
        await server.DrainAsync(hurry.Token);
        return ExitCode.Ok;

        // The second signal does not wait any more.
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            if (!terminated.TrySetResult()) hurry.Cancel();
        }
    }
}
