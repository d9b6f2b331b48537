namespace CacheOperator.Demo;

/// <summary>When, after the node was powered off, each thing was first seen.</summary>
internal sealed class Timeline(TimeProvider clock)
{
    public DateTimeOffset StoppedAt { get; private set; }

    /// <summary>The control plane says that the node is not ready.</summary>
    public TimeSpan? NodeNotReady { get; private set; }

    /// <summary>The cache's conditions say that something is wrong.</summary>
    public TimeSpan? Detected { get; private set; }

    /// <summary>The replacement's container runs.</summary>
    public TimeSpan? Replaced { get; private set; }

    /// <summary>The replacement is filled and its gate open.</summary>
    public TimeSpan? Warm { get; private set; }

    public TimeSpan Elapsed => clock.GetUtcNow() - StoppedAt;

    public bool IsComplete => Warm is not null;

    public void Stopped() => StoppedAt = clock.GetUtcNow();

    public void Note(bool nodeNotReady, bool detected, bool replaced, bool warm)
    {
        var now = Elapsed;
        NodeNotReady ??= nodeNotReady ? now : null;
        Detected ??= detected ? now : null;
        Replaced ??= replaced ? now : null;
        Warm ??= warm ? now : null;
    }
}
