using System.Globalization;

namespace CacheOperator.Integration.Tests.Faults;

/// <summary>Random commands over a client's own keys.</summary>
internal sealed class LoadScript(string name, Random random)
{
    private const int Texts = 12;
    private const int Numbers = 4;
    private readonly Dictionary<string, KeyModel> _models = [];
    private int _writes;

    public IReadOnlyDictionary<string, KeyModel> Models => _models;

    public KeyModel Model(string key)
    {
        if (!_models.TryGetValue(key, out var model)) _models.Add(key, model = new KeyModel(key));
        return model;
    }

    public CheckedCommand Next()
    {
        var key = $"{name}-text-{random.Next(Texts)}";
        var number = $"{name}-number-{random.Next(Numbers)}";
        var value = new string((char)('a' + random.Next(26)), random.Next(30) == 0 ? random.Next(20_000) : random.Next(40));
        var flags = (uint)random.Next(1000);
        return random.Next(26) switch
        {
            < 5 => Items($"get {key} {number} {name}-none\r\n", [key, number], withToken: false),
            5 => Items($"gets {key}\r\n", [key], withToken: true),
            6 => Items($"gat 1000 {key}\r\n", [key], withToken: false),
            7 => Items($"gats 2000 {number}\r\n", [number], withToken: true),
            8 => MetaGet(key),
            9 or 10 => Store("set", key, value, flags, _ => "STORED"),
            11 => Store("set", number, BigNumber(), 1, _ => "STORED"),
            12 => Store("add", key, value, flags, state => state.Exists ? "NOT_STORED" : "STORED"),
            13 => Store("replace", key, value, flags, state => state.Exists ? "STORED" : "NOT_STORED"),
            14 => Join("append", key, value, state => state.Value + value),
            15 => Join("prepend", key, value, state => value + state.Value),
            16 or 17 => Cas(key, value, flags),
            18 or 19 => Line($"delete {key}\r\n", key, state => (state.Exists ? "DELETED" : "NOT_FOUND", ItemState.None)),
            20 => Line($"touch {key} 1500\r\n", key, state => (state.Exists ? "TOUCHED" : "NOT_FOUND", state)),
            21 => Count("incr", number, 1),
            22 => Count("decr", number, -1),
            23 => MetaSet(key, value, flags),
            24 => MetaDelete(key),
            _ => Store("set", key, value, flags, _ => "", noreply: true),
        };
    }

    // As many digits before as after every change: memcached pads what gets shorter.
    private string BigNumber() => (5_000_000_000_000_000_000 + random.Next()).ToString(CultureInfo.InvariantCulture);

    private static CheckedCommand Line(string text, string key, Func<ItemState, (string, ItemState)> apply) =>
        new(text, [key], AnswerKind.Line, state => apply(state) is var (answer, next) ? ($"{answer}\r\n", next) : default);

    private static CheckedCommand Items(string text, string[] keys, bool withToken) => new(text, keys, AnswerKind.Items, state => (withToken && state.Exists ? CheckedCommand.Token : "", state));

    private CheckedCommand Store(string verb, string key, string value, uint flags, Func<ItemState, string> answer, bool noreply = false)
    {
        var next = new ItemState(value, flags, ++_writes);
        var text = $"{verb} {key} {flags} 0 {value.Length}{(noreply ? " noreply" : "")}\r\n{value}\r\n";
        return Line(text, key, state => (answer(state), answer(state).StartsWith("NOT_", StringComparison.Ordinal) ? state : next)) with { Answer = noreply ? AnswerKind.None : AnswerKind.Line };
    }

    private CheckedCommand Join(string verb, string key, string value, Func<ItemState, string> joined)
    {
        var write = ++_writes;
        return Line($"{verb} {key} 0 0 {value.Length}\r\n{value}\r\n", key, state => state.Exists ? ("STORED", state with { Value = joined(state), Write = write }) : ("NOT_STORED", state));
    }

    private CheckedCommand Cas(string key, string value, uint flags)
    {
        var (token, seen) = Model(key).Seen ?? ("1", 0);
        var next = new ItemState(value, flags, ++_writes);
        return Line($"cas {key} {flags} 0 {value.Length} {token}\r\n{value}\r\n", key, state => !state.Exists ? ("NOT_FOUND", state) : state.Write == seen ? ("STORED", next) : ("EXISTS", state));
    }

    private CheckedCommand Count(string verb, string key, int direction)
    {
        var (delta, write) = (random.Next(1000), ++_writes);
        return Line($"{verb} {key} {delta}\r\n", key, state =>
        {
            if (!state.Exists) return ("NOT_FOUND", state);
            var result = (ulong.Parse(state.Value!, CultureInfo.InvariantCulture) + (ulong)(direction * delta)).ToString(CultureInfo.InvariantCulture);
            return (result, state with { Value = result, Write = write });
        });
    }

    private static CheckedCommand MetaGet(string key) => new(
        $"mg {key} s k f O7 v\r\n", [key], AnswerKind.Meta, state => (state.Exists ? $"VA {state.Value!.Length} s{state.Value.Length} k{key} f{state.Flags} O7\r\n{state.Value}\r\n" : $"EN k{key} O7\r\n", state));

    private CheckedCommand MetaSet(string key, string value, uint flags)
    {
        var next = new ItemState(value, flags, ++_writes);
        return random.Next(2) == 0
            ? Line($"ms {key} {value.Length} F{flags} k\r\n{value}\r\n", key, _ => ($"HD k{key}", next))
            : Line($"ms {key} {value.Length} ME F{flags} O1\r\n{value}\r\n", key, state => state.Exists ? ("NS O1", state) : ("HD O1", next));
    }

    private static CheckedCommand MetaDelete(string key) => Line($"md {key} O2\r\n", key, state => (state.Exists ? "HD O2" : "NF O2", ItemState.None));
}
