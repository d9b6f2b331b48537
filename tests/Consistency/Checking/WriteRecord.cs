using CacheOperator.Consistency.Clients;

namespace CacheOperator.Consistency.Checking;

/// <summary>A value that some write has left, or may leave.</summary>
internal sealed class WriteRecord
{
    /// <summary>Null for what was there when the round began.</summary>
    public Operation? Operation { get; init; }

    public required long Mark { get; init; }

    public required long Began { get; init; }

    /// <summary>When it was certainly made: acknowledged, or long since seen.</summary>
    public required long Made { get; set; }

    /// <summary>0 while unknown.</summary>
    public ulong Version { get; set; }

    /// <summary>Several writes left this mark.</summary>
    public bool IsAmbiguous { get; set; }

    public bool IsRefused => Operation?.Outcome == Outcome.Refused;

    public bool IsUnknown => Operation?.Outcome == Outcome.Unknown;
}
