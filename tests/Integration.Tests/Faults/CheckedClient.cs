using System.Diagnostics;
using System.Net;

namespace CacheOperator.Integration.Tests.Faults;

/// <summary>A client that sends pipelines of random commands and checks every byte of the answers. An error on a read is a wrong answer.</summary>
internal sealed class CheckedClient(IPEndPoint proxy, string name, int seed)
{
    private const int Pipeline = 40;
    private readonly Random _random = new(seed);
    private readonly LoadScript _script = new(name, new Random(seed + 1));

    public long Commands { get; private set; }

    /// <summary>Writes that were answered with an error.</summary>
    public List<string> FailedWrites { get; } = [];

    public TimeSpan Slowest { get; private set; }

    public IReadOnlyDictionary<string, KeyModel> Models => _script.Models;

    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        using var client = await RawClient.ConnectAsync(proxy, cancellationToken);
        while (!stop.IsCancellationRequested)
        {
            var commands = Enumerable.Range(0, _random.Next(1, Pipeline)).Select(_ => _script.Next()).ToList();
            var watch = Stopwatch.StartNew();
            await client.SendAsync(string.Concat(commands.Select(c => c.Text)), cancellationToken);
            foreach (var command in commands) await CheckAsync(client, command, cancellationToken);
            if (watch.Elapsed > Slowest) Slowest = watch.Elapsed;
            Commands += commands.Count;
        }
    }

    private async Task CheckAsync(RawClient client, CheckedCommand command, CancellationToken cancellationToken)
    {
        switch (command.Answer)
        {
            case AnswerKind.None:
                _script.Model(command.Keys[0]).Take(command, "\r\n", null);
                break;
            case AnswerKind.Items:
                await CheckItemsAsync(client, command, cancellationToken);
                break;
            default:
                await CheckLineAsync(client, command, cancellationToken);
                break;
        }
    }

    private async Task CheckLineAsync(RawClient client, CheckedCommand command, CancellationToken cancellationToken)
    {
        var answer = await client.ReadLineAsync(cancellationToken) + "\r\n";
        if (command.Answer == AnswerKind.Meta && answer.StartsWith("VA ", StringComparison.Ordinal))
            answer += await client.ReadAsync(int.Parse(answer.Split(' ')[1]) + 2, cancellationToken);
        var model = _script.Model(command.Keys[0]);
        if (command.Answer == AnswerKind.Line && answer.StartsWith("SERVER_ERROR", StringComparison.Ordinal))
        {
            FailedWrites.Add($"{command.Text.Split('\r')[0]}: {answer.TrimEnd()}");
            model.Fail(command);
        }
        else if (model.Take(command, answer, null) is { } expected)
        {
            Wrong(command, answer, expected);
        }
    }

    private async Task CheckItemsAsync(RawClient client, CheckedCommand command, CancellationToken cancellationToken)
    {
        var items = new Dictionary<string, (string Item, string? Token)>();
        string line;
        while ((line = await client.ReadLineAsync(cancellationToken)) != "END")
        {
            var words = line.Split(' ');
            if (words is not ["VALUE", _, _, _, ..]) Wrong(command, line, "items");
            var data = await client.ReadAsync(int.Parse(words[3]) + 2, cancellationToken);
            items.Add(words[1], ($"{string.Join(' ', words[..4])}\r\n{data}", words.ElementAtOrDefault(4)));
        }

        if (!command.Keys.Where(items.ContainsKey).SequenceEqual(items.Keys)) Wrong(command, string.Join(' ', items.Keys), "items of these keys in their order");
        foreach (var key in command.Keys)
        {
            var (item, token) = items.GetValueOrDefault(key, ("", null));
            var model = _script.Model(key);
            var withItem = command with { Apply = state => ($"{model.Item(state)}{command.Apply(state).Answer}", state) };
            if (model.Take(withItem, token is null ? item : item + CheckedCommand.Token, token) is { } expected) Wrong(command, $"{item} {token}", expected);
        }
    }

    private void Wrong(CheckedCommand command, string answer, string expected) =>
        Assert.Fail($"{DateTime.UtcNow:mm:ss.fff} {name} after {Commands} commands: {Short(command.Text)}\nanswered: {Short(answer)}\nexpected: {Short(expected)}");

    private static string Short(string text) => text.Length > 1500 ? $"{text[..1500]}..." : text;
}
