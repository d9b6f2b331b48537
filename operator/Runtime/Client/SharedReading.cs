using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Client;

/// <summary>How objects are read that are kept: as the Kubernetes client does, but what is equal in many of them is there once.</summary>
internal static class SharedReading
{
    /// <summary>Of each cache there are a few.</summary>
    private const int Many = 16_384;

    /// <summary>The same for most caches.</summary>
    private const int Few = 512;

    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        JsonSerializerOptions? client = null;
        KubernetesJson.AddJsonOptions(options => client = options);
        var strings = With(client!, new SharedStrings());
        var parts = With(
            strings,
            new SharedParts<IDictionary<string, string>>(Many, strings),
            new SharedParts<V1OwnerReference>(Many, strings),
            new SharedParts<V1Probe>(Few, strings),
            new SharedParts<V1Lifecycle>(Few, strings),
            new SharedParts<V1ResourceRequirements>(Few, strings),
            new SharedParts<V1SecurityContext>(Few, strings),
            new SharedParts<V1PodSecurityContext>(Few, strings),
            new SharedParts<V1ContainerPort>(Few, strings),
            new SharedParts<V1EnvVar>(Few, strings),
            new SharedParts<V1Toleration>(Few, strings),
            new SharedParts<V1NodeAffinity>(Few, strings),
            new SharedParts<V1ServicePort>(Few, strings),
            new SharedParts<V1NetworkPolicyPort>(Few, strings),
            new SharedParts<V1StatefulSetUpdateStrategy>(Few, strings),
            new SharedParts<V1DeploymentStrategy>(Few, strings));

        // What holds parts that are shared when it is not the same itself.
        return With(parts, new SharedParts<V1Container>(Few, parts), new SharedParts<V1LabelSelector>(Many, parts));
    }

    private static JsonSerializerOptions With(JsonSerializerOptions before, params ReadOnlySpan<JsonConverter> converters)
    {
        var options = new JsonSerializerOptions(before);
        for (var i = 0; i < converters.Length; i++) options.Converters.Insert(i, converters[i]);
        options.MakeReadOnly();
        return options;
    }
}
