using CacheOperator.Proxy.WarmUp;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class ClientTrafficTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Commands_of_the_copy_itself_are_nobody_elses()
    {
        var clients = Observed(1000);
        clients.CountOwn(5000);
        clients.Observe(6000);
        Assert.False(clients.IsThere);
    }

    [Fact]
    public void What_the_source_counts_beyond_those_are_clients_of_it()
    {
        var clients = Observed(1000);
        clients.CountOwn(5000);
        clients.Observe(6100);
        Assert.True(clients.IsThere);
    }

    [Fact]
    public void What_was_asked_for_and_has_not_been_answered_is_never_taken_for_clients()
    {
        var clients = Observed(0);
        foreach (var answered in new[] { 0, 900, 200, 1000 })
        {
            clients.CountOwn(1000);
            clients.Observe(answered);
            clients.CountOwn(-1000);
            Assert.False(clients.IsThere);
        }
    }

    [Fact]
    public void A_few_commands_add_up_and_are_forgotten_after_a_second_without_any()
    {
        var clients = Observed(0);
        for (var i = 1; i <= 10; i++) clients.Observe(i * 20);
        Assert.True(clients.IsThere);
        _time.Advance(TimeSpan.FromSeconds(0.9));
        clients.Observe(200);
        Assert.True(clients.IsThere);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        clients.Observe(200);
        Assert.False(clients.IsThere);
    }

    /// <summary>Clients of a source that has counted so many commands before anything was asked of it.</summary>
    private ClientTraffic Observed(long commands)
    {
        var clients = new ClientTraffic(_time);
        clients.Observe(commands);
        return clients;
    }
}
