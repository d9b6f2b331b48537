using System.Text;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Integration.Tests.Clients;

/// <summary>A copy of somebody else's test suite, to be pointed at a proxy. What is changed in it is named here, and nothing else is.</summary>
internal sealed class ClientSuite : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private ClientSuite(string folder) => Folder = folder;

    public string Folder { get; }

    /// <param name="package">Debian source package.</param>
    /// <param name="version">Its upstream version.</param>
    /// <param name="programs">Debian packages that are installed to run it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ClientSuite> PrepareAsync(string package, string version, IReadOnlyCollection<string> programs, CancellationToken cancellationToken)
    {
        await InstallAsync(programs, cancellationToken);
        var source = await ReachAsync(() => PinnedPackages.SourceAsync(package, version, null, cancellationToken));
        var folder = Directory.CreateTempSubdirectory($"{package}-").FullName;
        await new Command("cp", "--recursive", $"{source}/.", folder).RunAsync(cancellationToken);
        return new ClientSuite(folder);
    }

    public static Task InstallAsync(IReadOnlyCollection<string> programs, CancellationToken cancellationToken) => ReachAsync(async () =>
    {
        await DebianPackages.EnsureAsync(programs, null, cancellationToken);
        return true;
    });

    /// <summary>Whatever is lacking fails the test, unless this machine is offline.</summary>
    public static async Task<T> ReachAsync<T>(Func<Task<T>> get)
    {
        try
        {
            return await get();
        }
        catch (PackagesUnreachableException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    /// <summary>Replaces a text in the files of a folder; there must be one.</summary>
    public void Replace(string folder, string files, string old, string replacement)
    {
        var found = false;
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, folder), files))
        {
            var text = File.ReadAllText(file, Encoding.Latin1);
            if (!text.Contains(old, StringComparison.Ordinal)) continue;
            found = true;
            File.WriteAllText(file, text.Replace(old, replacement, StringComparison.Ordinal), Encoding.Latin1);
        }

        Assert.True(found, $"no \"{old}\" in {folder}/{files}");
    }

    public void Remove(string file)
    {
        Assert.True(File.Exists(Path.Combine(Folder, file)), $"no {file}");
        File.Delete(Path.Combine(Folder, file));
    }

    /// <summary>Runs a program in the suite's folder; its output is shown when it fails.</summary>
    public Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken, Dictionary<string, string>? environment = null) =>
        RunAsync(new Command(program, arguments) { WorkingDirectory = Folder, Environment = environment ?? [] }, cancellationToken);

    public static async Task<string> RunAsync(Command command, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await TryRunAsync(command, cancellationToken);
        Assert.True(exitCode == 0, $"`{command}` ended with {exitCode}:\n{output}");
        return output;
    }

    /// <summary>Runs it and returns everything that it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> TryRunAsync(Command command, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var result = await command.TryRunAsync(patience.Token);
        return (result.ExitCode, $"{result.Output}\n{result.Error}");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
