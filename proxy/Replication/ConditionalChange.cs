using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Replication;

/// <summary>What a conditional write is to do, and on what.</summary>
internal readonly struct ConditionalChange
{
    private readonly ulong? _compare;

    /// <param name="kind">What is to be done: for a meta command, what it comes to.</param>
    /// <param name="command">The command.</param>
    public ConditionalChange(CommandKind kind, in ClientCommand command)
    {
        (Kind, Meta) = (kind, command.Meta);
        if (kind == command.Kind)
        {
            Delta = command.Number;
            _compare = kind == CommandKind.Cas ? command.Number : null;
            return;
        }

        // To these, version 0 means any.
        Delta = Meta.Delta;
        _compare = kind == CommandKind.Add || (Meta.Compare == 0 && kind is not (CommandKind.Cas or CommandKind.MetaRemove or CommandKind.MetaMark)) ? null : Meta.Compare;
    }

    public CommandKind Kind { get; }

    /// <summary>The flags of a meta command.</summary>
    public MetaFlags Meta { get; }

    /// <summary>By how much a number changes.</summary>
    public ulong Delta { get; }

    public bool IsArithmetic => Kind is CommandKind.Increment or CommandKind.Decrement;

    /// <summary>Whether it is made by the member itself, which keeps flags and expiry: what came of it has to be read.</summary>
    public bool IsMadeByMember => IsArithmetic || Kind is CommandKind.Append or CommandKind.Prepend;

    /// <summary>Whether an item is made where there is none.</summary>
    public bool CanVivify => Meta.Vivifies && IsMadeByMember;

    /// <summary>The version that it is to be made on, where that need not be asked for; null where it must be.</summary>
    /// <param name="next">The version of this write.</param>
    public ulong? KnownBase(ulong next) =>
        Kind == CommandKind.Add ? 0
        : Kind == CommandKind.Cas && _compare is > 0 and { } token && token < next && !ItemVersion.IsTombstone(token, 0) ? token
        : null;

    /// <summary>Whether it may be made on this.</summary>
    /// <param name="isLive">Whether there is an item.</param>
    /// <param name="version">The item's.</param>
    public Objection ObjectionTo(bool isLive, ulong version)
    {
        if (Kind == CommandKind.Add ? isLive : !isLive && !CanVivify) return Objection.Absent;
        return isLive && _compare is { } wanted && version != wanted ? Objection.Exists : Objection.None;
    }

    /// <summary>The condition under which a member stores the value.</summary>
    /// <param name="expected">The version that the decision is based on; 0 for none.</param>
    /// <param name="isVivifying">Whether the value is the one to begin with.</param>
    public StoreCondition Condition(ulong expected, bool isVivifying) => Kind switch
    {
        _ when expected == 0 => StoreCondition.Absent,
        CommandKind.Append when !isVivifying => StoreCondition.Appending,
        CommandKind.Prepend when !isVivifying => StoreCondition.Prepending,
        _ => StoreCondition.Version,
    };
}
