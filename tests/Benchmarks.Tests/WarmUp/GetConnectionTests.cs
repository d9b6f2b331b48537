using System.Net;
using System.Net.Sockets;
using System.Text;
using CacheOperator.WarmUpBenchmarks.Clients;

namespace CacheOperator.Benchmarks.Tests.WarmUp;

public sealed class GetConnectionTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly GetConnection _connection;
    private readonly Socket _server;

    public GetConnectionTests()
    {
        _listener.Start();
        _connection = new GetConnection((IPEndPoint)_listener.LocalEndpoint, new ItemText(3));
        _server = _listener.AcceptSocket();
    }

    [Fact]
    public void Requests_go_out_in_one_piece()
    {
        _connection.Get(new PendingGet(7, 0));
        _connection.Set(12);
        _connection.Flush();
        const string Expected = "get key:7\r\nset key:12 0 0 3 noreply\r\nvvv\r\n";
        var buffer = new byte[Expected.Length];
        for (var received = 0; received < buffer.Length;) received += _server.Receive(buffer.AsSpan(received));
        Assert.Equal(Expected, Encoding.ASCII.GetString(buffer));
    }

    [Fact]
    public void Answers_are_taken_in_order_and_only_whole()
    {
        for (var key = 1; key <= 3; key++) _connection.Get(new PendingGet(key, key));
        Answer("VALUE key:1 0 3\r\nvvv\r\nEND\r\nEND\r\nSERVER_ERROR no");
        Assert.True(_connection.TryTake(out var get, out var outcome));
        Assert.Equal((1, GetOutcome.Hit), (get.Key, outcome));
        Assert.True(_connection.TryTake(out get, out outcome));
        Assert.Equal((2, GetOutcome.Miss), (get.Key, outcome));
        Assert.False(_connection.TryTake(out _, out _));
        Answer(" memory\r\n");
        Assert.True(_connection.TryTake(out get, out outcome));
        Assert.Equal((3, GetOutcome.Failed), (get.Key, outcome));
        Assert.Empty(_connection.Pending);
    }

    [Theory]
    [InlineData("VALUE key:2 0 3\r\nvvv\r\nEND\r\n")]
    [InlineData("VALUE key:1 0 3\r\nvwv\r\nEND\r\n")]
    public void Another_value_ends_the_connection(string answer)
    {
        _connection.Get(new PendingGet(1, 0));
        Answer(answer);
        Assert.Throws<SocketException>(() => _connection.TryTake(out _, out _));
        Assert.Single(_connection.Pending);
    }

    [Fact]
    public void The_end_of_the_peer_is_told()
    {
        _server.Close();
        Assert.False(_connection.Receive());
    }

    public void Dispose()
    {
        _connection.Dispose();
        _server.Dispose();
        _listener.Dispose();
    }

    private void Answer(string text)
    {
        _server.Send(Encoding.ASCII.GetBytes(text));
        SpinWait.SpinUntil(() => _connection.Socket.Available >= text.Length);
        Assert.True(_connection.Receive());
    }
}
