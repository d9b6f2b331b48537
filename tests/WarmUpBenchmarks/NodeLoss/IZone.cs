using System.Net;
using CacheOperator.WarmUpBenchmarks.Clients;

namespace CacheOperator.WarmUpBenchmarks.NodeLoss;

/// <summary>A zone with clients, whose member is lost; with other zones beside it that hold the same.</summary>
internal interface IZone : IAsyncDisposable
{
    LossVariant Variant { get; }

    /// <summary>Where the zone's clients read.</summary>
    Lane Cache { get; }

    /// <summary>Where they read what that does not have; null for the database.</summary>
    Lane? Neighbour { get; }

    /// <summary>The zone's member; null while there is none.</summary>
    IPEndPoint? Member { get; }

    /// <summary>Whether the zone's member may be read: it is there, and filled if that is what the variant does.</summary>
    bool IsReady { get; }

    /// <summary>Kills the zone's member.</summary>
    Task LoseAsync();

    /// <summary>Has an empty one take its place.</summary>
    Task ReplaceAsync(CancellationToken cancellationToken);
}
