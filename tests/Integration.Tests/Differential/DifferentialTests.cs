using System.Text;
using System.Text.RegularExpressions;
using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Integration.Tests.Proxy;
using CacheOperator.Provisioning.Memcached;

namespace CacheOperator.Integration.Tests.Differential;

/// <summary>A plain memcached and the proxy are told the same: they answer the same, and hold the same afterwards, in every zone.</summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const int Shards = 2;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(60)]
    [InlineData(1)]
    public async Task A_random_conversation_is_answered_as_by_memcached(int pipeline)
    {
        var random = new Random(RandomRun.Seed(output));
        var end = DateTime.UtcNow + RandomRun.Length(4);
        var conversation = new Conversation(random, isPipelined: pipeline > 1);
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: Shards);
        await using var plain = await MemcachedServer.StartAsync(await MemcachedBinary.EnsureAsync(null, Token), Token);
        using var reference = await RawClient.ConnectAsync(plain.EndPoint, Token);
        using var client = await fleet.ConnectAsync(Token);
        var commands = 0;
        for (var round = 0; commands < 1000 || DateTime.UtcNow < end; round++)
        {
            var script = new StringBuilder();
            for (var i = random.Next(pipeline) + 1; i > 0; i--, commands++) script.Append(conversation.Next());
            var (text, last) = (script.Append($"mg end-{round} k\r\n").ToString(), $"EN kend-{round}\r\n");

            var expected = Comparable(await reference.AskAsync(text, last, Token));
            var sending = SendInChunksAsync(client, text, random);
            var answers = Comparable(await client.ReadUntilAsync(last, Token));
            await sending;
            Assert.True(expected == answers, $"{Differences(text, expected, answers)}");
        }

        output.WriteLine($"{commands} commands");
        await AssertSameContentsAsync(plain, fleet);
    }

    private static async Task SendInChunksAsync(RawClient client, string text, Random random)
    {
        var most = 1 << random.Next(1, 17);
        for (var at = 0; at < text.Length;)
        {
            var size = Math.Min(random.Next(Math.Max(1, text.Length / 2000), most + (text.Length / 1000)), text.Length - at);
            await client.SendAsync(text.Substring(at, size), Token);
            at += size;
        }
    }

    private static async Task AssertSameContentsAsync(MemcachedServer plain, ProxyFleet fleet)
    {
        var wanted = await ComparableContentsAsync(plain);
        for (var zone = 0; zone < ProxyFleet.Zones.Length; zone++)
        {
            await Deadline.UntilAsync($"zone {zone} holds the same", Deadline.Patience, async () =>
            {
                var found = new Dictionary<string, StoredItem>();
                for (var shard = 0; shard < Shards; shard++)
                {
                    foreach (var (key, item) in await ComparableContentsAsync(fleet.Members[zone + (shard * ProxyFleet.Zones.Length)])) found.Add(key, item);
                }

                return wanted.Count == found.Count && wanted.All(i => found.TryGetValue(i.Key, out var item) && item == i.Value);
            });
        }
    }

    // Versions are each server's own, and the seconds of two servers do not begin together.
    private static string Comparable(string answers) => Regex.Replace(
        Regex.Replace(answers, "^(VALUE [^ ]+ [0-9]+ [0-9]+) [0-9]+\r$", "$1\r", RegexOptions.Multiline),
        "(?<=^(?:VA|HD|EX|NS|NF) (?:[^\r]* )?)(?:c(?=[1-9])|t)[0-9]+", "#", RegexOptions.Multiline);

    // Marks of deletions are none of the contents; expiries are compared in hours.
    private static async Task<Dictionary<string, StoredItem>> ComparableContentsAsync(MemcachedServer server) =>
        (await Contents.ReadAsync(server.EndPoint, Token))
            .Where(i => !(i.Value.Value.Length == 0 && i.Value.Version % 2 == 1 && i.Value.Version > 1UL << 50))
            .ToDictionary(i => i.Key, i => i.Value with { Version = 0, NamedInBase64 = false, Expiry = i.Value.Expiry < 0 ? -1 : (i.Value.Expiry + 30) / 60 / 60 });

    private static string Differences(string script, string expected, string answers)
    {
        var at = expected.Zip(answers).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"after {Around(expected, at)}\nexpected {expected[at..Math.Min(at + 300, expected.Length)]}\nanswered {answers[at..Math.Min(at + 300, answers.Length)]}\n{Regex.Replace(script, "([a-z])\\1{60,}", "$1...")}";
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 300)..at];
}
