using System.Net.Sockets;
using System.Text;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Testbed.Load;
using CacheOperator.TestbedTests;

[assembly: AssemblyFixture(typeof(MemcachedFixture))]

namespace CacheOperator.TestbedTests;

/// <summary>The memcached program and the load client, provided once.</summary>
public sealed class MemcachedFixture : IAsyncLifetime
{
    private string _program = string.Empty;

    public async ValueTask InitializeAsync()
    {
        var progress = new TextProgress(Console.Error);
        _program = await MemcachedBinary.EnsureAsync(progress, CancellationToken.None);
        await LoadClient.EnsureInstalledAsync(progress, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<MemcachedServer> StartAsync() => MemcachedServer.StartAsync(_program, TestContext.Current.CancellationToken);

    /// <summary>Sends a command and returns its answer.</summary>
    public static async Task<IReadOnlyList<string>> SendAsync(MemcachedServer server, string command, int answerLines = 1)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        using var client = new TcpClient();
        await client.ConnectAsync(server.EndPoint, patience.Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"), patience.Token);
        using var reader = new StreamReader(client.GetStream());
        var lines = new List<string>();
        while (lines.Count < answerLines) lines.Add(await reader.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException(command));
        return lines;
    }
}
