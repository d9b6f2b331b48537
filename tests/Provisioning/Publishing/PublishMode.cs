namespace CacheOperator.Provisioning.Publishing;

/// <summary>What a published program needs where it runs.</summary>
public enum PublishMode
{
    /// <summary>The .NET of the machine: quick to publish, for running here.</summary>
    FrameworkDependent,

    /// <summary>Nothing but system libraries: for images.</summary>
    SelfContained,

    /// <summary>As self-contained, and compiled ahead of time: starts at once.</summary>
    NativeAot,
}
