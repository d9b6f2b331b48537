using CacheOperator.Consistency.Keys;

namespace CacheOperator.Consistency.Clients;

/// <summary>What one client does, as its seed decides; only the tokens of <c>cas</c> depend on what it has read.</summary>
/// <param name="keys">All keys.</param>
/// <param name="mix">How often what.</param>
/// <param name="random">The client's own.</param>
/// <param name="client">Its number.</param>
/// <param name="clients">How many there are: numbers of writes must differ.</param>
internal sealed class OperationScript(KeySpace keys, Mix mix, Random random, int client, int clients)
{
    private const int LongPadding = 4000;
    private readonly Dictionary<Key, ulong> _tokens = [];
    private readonly HashSet<Key> _held = [];
    private long _writes;

    public Command Next()
    {
        if (random.Next(100) < mix.ColdPercent) return OnRegister(Pick(KeyFamily.Cold));
        return random.Next(10) switch
        {
            < 5 => OnRegister(Pick(KeyFamily.Hot)),
            5 => OnCounter(Pick(KeyFamily.CountUp), "incr", "MI"),
            6 => OnCounter(Pick(KeyFamily.CountDown), "decr", "MD"),
            7 => OnLog(Pick(KeyFamily.Log)),
            _ => OnLock(Pick(KeyFamily.Lock)),
        };
    }

    /// <summary>Learns from an answer.</summary>
    public void Take(Operation operation)
    {
        if (operation.Key is not { } key) return;
        if (operation is { IsRead: true, Version: > 0 }) _tokens[key] = operation.Version;
        if (key.Family != KeyFamily.Lock) return;
        if (operation is { Kind: OperationKind.Add, Outcome: Outcome.Done }) _held.Add(key);
        if (operation.Kind == OperationKind.Delete) _held.Remove(key);
    }

    private Key Pick(KeyFamily family) => keys.Of(family)[random.Next(keys.Of(family).Count)];

    private Command OnRegister(Key key)
    {
        var conditional = key.Family == KeyFamily.Cold ? mix.Conditional / 2 : mix.Conditional;
        var at = random.Next(mix.Read + mix.Set + mix.Delete + mix.Touch + (3 * conditional));
        if ((at -= mix.Read) < 0) return Read(key);
        if ((at -= mix.Set) < 0) return random.Next(4) == 0 ? MetaSet(key) : Store(OperationKind.Set, "set", key, Exptime());
        if ((at -= mix.Delete) < 0) return Delete(key);
        if ((at -= mix.Touch) < 0) return Touch(key);
        return (at / Math.Max(conditional, 1)) switch
        {
            0 => Store(OperationKind.Add, "add", key, 0),
            1 => Store(OperationKind.Replace, "replace", key, 0),
            _ => Cas(key),
        };
    }

    private Command OnCounter(Key key, string verb, string mode) => random.Next(12) switch
    {
        < 3 => Read(key),
        3 => Store(OperationKind.Add, "add", key, 0),
        4 when random.Next(20) == 0 => Delete(key),
        < 8 => Line($"{verb} {key.Name} 1", OperationKind.Count, key),
        _ => Line($"ma {key.Name} {mode} D1 v c", OperationKind.Count, key) with { Form = AnswerForm.MetaItem },
    };

    private Command OnLog(Key key) => random.Next(24) switch
    {
        < 8 => Read(key),
        8 => Store(OperationKind.Set, "set", key, 0),
        9 => Delete(key),
        _ => Store(OperationKind.Append, "append", key, 0),
    };

    // Now and then somebody else breaks a lock: its holder may never have learned that it holds it.
    private Command OnLock(Key key) =>
        random.Next(4) == 0 ? Read(key)
        : _held.Contains(key) || random.Next(40) == 0 ? Delete(key)
        : Store(OperationKind.Add, "add", key, 0);

    private Command Read(Key key)
    {
        switch (random.Next(4))
        {
            case 0:
                return new Command($"mg {key.Name} v f c\r\n", AnswerForm.MetaItem, Operation($"mg {key.Name} v f c", OperationKind.Get, key));
            case 1:
                var others = Enumerable.Range(0, random.Next(4)).Select(_ => Pick(KeyFamily.Cold)).Append(key).Distinct().ToList();
                var line = $"get {string.Join(' ', others.Select(other => other.Name))}";
                return new Command($"{line}\r\n", AnswerForm.Items, [.. others.Select(other => Operation(line, OperationKind.Get, other))]);
            default:
                return new Command($"gets {key.Name}\r\n", AnswerForm.Items, Operation($"gets {key.Name}", OperationKind.Get, key));
        }
    }

    private Command Cas(Key key) => _tokens.TryGetValue(key, out var token) ? Store(OperationKind.Cas, "cas", key, 0, token) : Read(key);

    private Command Delete(Key key) => Line(random.Next(3) == 0 ? $"md {key.Name}" : $"delete {key.Name}", OperationKind.Delete, key);

    private Command Touch(Key key)
    {
        var exptime = random.Next(8) == 0 ? random.Next(2, 5) : random.Next(1000, 3000);
        if (random.Next(2) == 0) return Line($"touch {key.Name} {exptime}", OperationKind.Touch, key, exptime: exptime);
        var line = $"gats {exptime} {key.Name}";
        return new Command($"{line}\r\n", AnswerForm.Items, Operation(line, OperationKind.GetAndTouch, key, exptime: exptime));
    }

    private Command MetaSet(Key key)
    {
        var (write, exptime) = (NextWrite(), Exptime());
        var value = Values.Of(key, write, Padding());
        var line = $"ms {key.Name} {value.Length} F{Values.FlagsOf(write)} T{exptime} c";
        return new Command($"{line}\r\n{value}\r\n", AnswerForm.Line, Operation(line, OperationKind.Set, key, write, exptime));
    }

    private Command Store(OperationKind kind, string verb, Key key, int exptime, ulong token = 0)
    {
        var write = NextWrite();
        var value = Values.Of(key, write, Padding());
        var line = $"{verb} {key.Name} {Values.FlagsOf(write)} {exptime} {value.Length}{(token == 0 ? "" : $" {token}")}";
        return new Command($"{line}\r\n{value}\r\n", AnswerForm.Line, Operation(line, kind, key, write, exptime, token));
    }

    private static Command Line(string line, OperationKind kind, Key key, int exptime = 0) =>
        new($"{line}\r\n", AnswerForm.Line, Operation(line, kind, key, exptime: exptime));

    private static Operation Operation(string text, OperationKind kind, Key key, long write = 0, int exptime = 0, ulong token = 0) =>
        new() { Kind = kind, Key = key, Text = text, Write = write, Exptime = exptime, Token = token };

    private long NextWrite() => (++_writes * clients) + client;

    private int Padding() => random.Next(40) == 0 ? random.Next(LongPadding) : random.Next(60);

    private int Exptime() => random.Next(20) switch { 0 => random.Next(2, 5), 1 or 2 => random.Next(600, 2000), _ => 0 };
}
