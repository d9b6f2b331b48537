using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Workers;

/// <summary>Commands of clients by name. Written by one thread, read by any.</summary>
internal sealed class CommandCounters
{
    private static readonly (CommandKind Kind, string Name)[] Names =
    [
        (CommandKind.Get, "get"), (CommandKind.Gets, "gets"), (CommandKind.GetAndTouch, "gat"), (CommandKind.GetsAndTouch, "gats"),
        (CommandKind.Set, "set"), (CommandKind.TooLarge, "set"), (CommandKind.Add, "add"), (CommandKind.Replace, "replace"),
        (CommandKind.Append, "append"), (CommandKind.Prepend, "prepend"), (CommandKind.Cas, "cas"), (CommandKind.Increment, "incr"),
        (CommandKind.Decrement, "decr"), (CommandKind.Touch, "touch"), (CommandKind.Delete, "delete"), (CommandKind.FlushAll, "flush_all"),
        (CommandKind.MetaGet, "mg"), (CommandKind.MetaSet, "ms"), (CommandKind.MetaTooLarge, "ms"), (CommandKind.MetaDelete, "md"),
        (CommandKind.MetaArithmetic, "ma"), (CommandKind.MetaNoop, "mn"), (CommandKind.MetaDebug, "me"), (CommandKind.Stats, "stats"),
        (CommandKind.Version, "version"), (CommandKind.Verbosity, "verbosity"), (CommandKind.Quit, "quit"),
        (CommandKind.Rejected, "other"), (CommandKind.Hostile, "other"),
    ];

    private readonly long[] _counts = new long[Enum.GetValues<CommandKind>().Length];

    /// <summary>How many there were by name.</summary>
    public IEnumerable<(string Name, long Count)> ByName =>
        Names.GroupBy(n => n.Name, (name, kinds) => (name, kinds.Sum(k => Volatile.Read(ref _counts[(int)k.Kind]))));

    public void Count(CommandKind kind) => _counts[(int)kind]++;

    public void Add(CommandCounters other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += Volatile.Read(ref other._counts[i]);
    }
}
