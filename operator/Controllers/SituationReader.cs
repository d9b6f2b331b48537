using CacheOperator.Operator.Api;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Rollouts;
using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Topology;

namespace CacheOperator.Operator.Controllers;

/// <summary>Finds out what is asked for and what there is, and whether the one can be had from the other.</summary>
internal sealed class SituationReader(
    CacheObserver observer, TopologyStore store, CapabilityMonitor capabilities, OperatorSettings operatorSettings)
{
    public Situation Read(ReplicatedCache cache, CacheSession session)
    {
        var observed = observer.Observe(cache);
        var document = store.Newest(observed.Topology, session.Written);
        var images = ImagePins.Of(cache, observed, operatorSettings);
        var (settings, faults) = SpecReader.Read(cache, operatorSettings with { MemcachedImage = images.Memcached!, ProxyImage = images.Proxy! });
        var situation = new Situation
        {
            Cache = cache,
            Session = session,
            Observed = observed,
            Document = document,
            IsStored = store.IsStored(observed.Topology, document),
            Images = images,
            OutdatedImages = ImagePins.Outdated(cache.Spec, images, operatorSettings),
            Faults = faults,
        };
        if (settings is null) return situation;
        var (layout, fault) = ZoneDiscovery.Find(settings, document, observed);
        if (layout is null) return situation with { Faults = [fault!] };
        session.LastValid = settings;
        return situation with
        {
            Context = new RenderContext(settings, layout, capabilities.Current, operatorSettings)
            {
                MembersPerZone = document?.MemberShards() ?? settings.Shards,
                LiveProxies = observed.ProxyDeployment?.Spec.Replicas,
                HasProxyAutoscaler = observed.ProxyAutoscaler is not null,
            },
        };
    }
}
