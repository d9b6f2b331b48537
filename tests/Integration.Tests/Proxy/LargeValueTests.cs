using System.Net.Sockets;
using System.Text;
using CacheOperator.Integration.Tests.Memcached;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>Values up to the largest that memcached can be told to take.</summary>
public sealed class LargeValueTests
{
    private const int MaxItemSize = 64 << 20;

    // memcached counts its own header too.
    private const int Largest = MaxItemSize - 512;
    private static readonly string[] RoomForLarge = ["-I", "64m", "-m", "1024"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData((16 << 10) - 1)]
    [InlineData(16 << 10)]
    [InlineData(40_000)]
    [InlineData(70_000)]
    [InlineData(1_000_000)]
    [InlineData(Largest)]
    public async Task A_value_comes_back_byte_for_byte_by_every_command(int size)
    {
        await using var fleet = await StartAsync();
        using var client = await ConnectAsync(fleet);
        var value = RandomBytes(size);

        await SendAsync(client, [.. Ascii($"set first 0 0 1\r\na\r\nset k 7 0 {size}\r\n"), .. value, .. Ascii("\r\nget first\r\n")]);
        await ExpectAsync(client, Ascii("STORED\r\nSTORED\r\nVALUE first 0 1\r\na\r\nEND\r\n"));

        byte[] get = [.. Ascii($"VALUE k 7 {size}\r\n"), .. value, .. Ascii("\r\n")];
        byte[] meta = [.. Ascii($"VA {size} f7\r\n"), .. value, .. Ascii("\r\n")];
        byte[] expected = [.. Ascii("VALUE first 0 1\r\na\r\n"), .. get, .. Ascii("VALUE first 0 1\r\na\r\nEND\r\n"), .. meta, .. get, .. Ascii("END\r\nMN\r\n")];
        await SendAsync(client, Ascii("get first k first\r\nmg k v f\r\ngat 0 k\r\nmn\r\n"));
        await ExpectAsync(client, expected);
        await EqualInAllZonesAsync(fleet);
    }

    [Fact]
    public async Task Changes_of_a_large_value_reach_all_zones()
    {
        const int Size = 3_000_000;
        await using var fleet = await StartAsync();
        using var client = await ConnectAsync(fleet);

        await SendAsync(client, [.. Ascii($"add k 0 0 {Size}\r\n"), .. RandomBytes(Size), .. Ascii($"\r\nappend k 0 0 {Size}\r\n"), .. RandomBytes(Size), .. Ascii("\r\nprepend k 0 0 1\r\nx\r\n")]);

        await ExpectAsync(client, Ascii("STORED\r\nSTORED\r\nSTORED\r\n"));
        await EqualInAllZonesAsync(fleet);
    }

    [Theory]
    [InlineData(MaxItemSize)]
    [InlineData(MaxItemSize + 1)]
    public async Task A_value_that_is_too_large_is_refused_and_leaves_no_zone_with_the_old_one(int size)
    {
        await using var fleet = await StartAsync();
        using var client = await ConnectAsync(fleet);
        await SendAsync(client, Ascii("set k 0 0 3\r\nold\r\n"));
        await ExpectAsync(client, Ascii("STORED\r\n"));

        await SendAsync(client, [.. Ascii($"set k 0 0 {size}\r\n"), .. new byte[size], .. Ascii("\r\nget k\r\n")]);

        await ExpectAsync(client, Ascii("SERVER_ERROR object too large for cache\r\nEND\r\n"));
        for (var i = 0; i < fleet.Members.Count; i++) Assert.Equal("EN", await fleet.ItemAsync(i, "k", Token));
    }

    [Fact]
    public async Task Zones_share_the_memory_of_a_value_on_its_way()
    {
        const int Size = 32 << 20;
        await using var fleet = await StartAsync();
        using var client = await ConnectAsync(fleet);
        foreach (var member in fleet.Members) await member.Process.SignalAsync("STOP", Token);

        await SendAsync(client, [.. Ascii($"set k 0 0 {Size}\r\n"), .. new byte[Size], .. Ascii("\r\n")]);
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Workers[0].Turns.CongestedMembers == 3, "the value on its way", Token);
        Assert.InRange(fleet.Proxy.Workers[0].Loop.Buffers.Rented, Size, Size + (4 << 20));

        foreach (var member in fleet.Members) await member.Process.SignalAsync("CONT", Token);
        await ExpectAsync(client, Ascii("STORED\r\n"));
        await EqualInAllZonesAsync(fleet);
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Workers[0].Loop.Buffers.Rented < 1 << 20, "memory given back", Token);
    }

    [Fact]
    public async Task Slow_readers_and_senders_of_large_values_do_not_hold_up_others()
    {
        const int Size = 20 << 20;
        await using var fleet = await StartAsync();
        using var client = await ConnectAsync(fleet);
        var value = RandomBytes(Size);
        await SendAsync(client, [.. Ascii($"set k 0 0 {Size}\r\n"), .. value, .. Ascii("\r\n")]);
        await ExpectAsync(client, Ascii("STORED\r\n"));

        var slow = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            slow.Add(await ConnectSlowAsync(fleet, Ascii("get k\r\nget k\r\n")));
            slow.Add(await ConnectSlowAsync(fleet, [.. Ascii($"set half 0 0 {Size}\r\n"), .. new byte[1 << 20]]));
            await SendAsync(client, Ascii("set small 0 0 1\r\nx\r\nget small\r\n"));
            await ExpectAsync(client, Ascii("STORED\r\nVALUE small 0 1\r\nx\r\nEND\r\n"));
        }

        await SendAsync(client, Ascii("get k\r\n"));
        byte[] expected = [.. Ascii($"VALUE k 0 {Size}\r\n"), .. value, .. Ascii("\r\nEND\r\n")];
        await ExpectAsync(client, expected);
        slow.ForEach(s => s.Dispose());
    }

    private static async Task ExpectAsync(Socket client, byte[] expected)
    {
        var bytes = await ReadAsync(client, expected.Length);
        Assert.True(bytes.AsSpan().SequenceEqual(expected), $"other bytes: {Latin(bytes.AsSpan(0, Math.Min(bytes.Length, 100)))}");
    }

    private static Task<ProxyFleet> StartAsync() => ProxyFleet.StartAsync(
        Token, arguments: RoomForLarge, settings: s => s with { MaxItemSize = MaxItemSize, MaxMemory = 2L * MaxItemSize, MemberTimeout = 20_000, HedgeDelay = 10_000 });

    private static async Task EqualInAllZonesAsync(ProxyFleet fleet)
    {
        var first = await CopyAsync(fleet, 0);
        for (var i = 1; i < fleet.Members.Count; i++)
        {
            var member = i;
            await Deadline.UntilAsync($"the same value in member {i}", Patience, async () => (await CopyAsync(fleet, member)).AsSpan().SequenceEqual(first));
        }
    }

    // The item's line and value.
    private static async Task<byte[]> CopyAsync(ProxyFleet fleet, int member)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(fleet.Members[member].EndPoint, Token);
        await SendAsync(socket, Ascii("mg k s f c u\r\n"));
        var line = new List<byte>();
        while (line is not [.., (byte)'\n']) line.AddRange(await ReadAsync(socket, 1));
        if (!Latin([.. line]).StartsWith("HD s", StringComparison.Ordinal)) return [.. line];
        var size = int.Parse(Latin([.. line]).Split(' ')[1][1..], System.Globalization.CultureInfo.InvariantCulture);
        await SendAsync(socket, Ascii("mg k v u\r\n"));
        return [.. line, .. await ReadAsync(socket, $"VA {size}\r\n".Length + size + 2)];
    }

    private static async Task<Socket> ConnectAsync(ProxyFleet fleet)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(fleet.Proxy.EndPoint, Token);
        return socket;
    }

    private static async Task<Socket> ConnectSlowAsync(ProxyFleet fleet, byte[] bytes)
    {
        var socket = await ConnectAsync(fleet);
        try
        {
            await SendAsync(socket, bytes);
        }
        catch (SocketException)
        {
            // Such a client may be closed, even while the machine is too busy for it to send all of this.
        }

        return socket;
    }

    private static async Task SendAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), Token).AsTask().WaitAsync(Patience, Token);
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(read), Token).AsTask().WaitAsync(Patience, Token);
            if (count == 0) throw new IOException($"closed after {read} bytes: {Latin(bytes.AsSpan(0, Math.Min(read, 100)))}");
            read += count;
        }

        return bytes;
    }

    private static byte[] RandomBytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static string Latin(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
