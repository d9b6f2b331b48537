using CacheOperator.Topology;

namespace CacheOperator.Proxy.Members;

/// <summary>What the topology says of a member, and which process a connection to it has really reached.</summary>
internal struct MemberIdentity
{
    private string? _incarnation;

    /// <inheritdoc cref="Apply"/>
    public MemberIdentity(Member entry, MemberHealth health)
    {
        (Entry, Health) = (entry, health);
        UpdateReady();
    }

    /// <summary>What the topology says.</summary>
    public Member Entry { get; private set; }

    /// <summary>What it missed of this epoch.</summary>
    public MemberHealth Health { get; private set; }

    /// <summary>This is the process that the topology speaks of, as far as is known.</summary>
    public readonly bool IsExpectedProcess => _incarnation is null || _incarnation == (Entry.Incarnation ?? Health.Record.FirstIncarnation);

    /// <summary>The topology says Ready, and this is the process that it speaks of.</summary>
    public bool IsReady { get; private set; }

    /// <summary>The topology says Draining, and this is the process that it speaks of.</summary>
    public readonly bool IsDraining => Entry.State == MemberState.Draining && IsExpectedProcess;

    /// <summary>Takes over what a newer document says of it.</summary>
    /// <param name="entry">The same member's.</param>
    /// <param name="health">That of the document's epoch.</param>
    /// <returns>Whether it says something else than the one before.</returns>
    public bool Apply(Member entry, MemberHealth health)
    {
        var isNews = entry.Epoch != Entry.Epoch || entry.State != Entry.State || entry.Incarnation != Entry.Incarnation;
        (Entry, Health) = (entry, health);
        UpdateReady();
        return isNews;
    }

    /// <summary>The connection has reached this process.</summary>
    public void Meet(string incarnation, MemberStatistics statistics)
    {
        _incarnation = incarnation;
        Health.Record.Met(incarnation, statistics);
        UpdateReady();
    }

    /// <summary>The connection is lost: the next one may reach another process.</summary>
    public void Forget()
    {
        _incarnation = null;
        UpdateReady();
    }

    private void UpdateReady() => IsReady = Entry.State.ServesReads() && IsExpectedProcess;
}
