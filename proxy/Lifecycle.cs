namespace CacheOperator.Proxy;

/// <summary>Whether the proxy is on its way out.</summary>
internal sealed class Lifecycle
{
    private volatile bool _isDraining;

    public bool IsDraining
    {
        get => _isDraining;
        set => _isDraining = value;
    }
}
