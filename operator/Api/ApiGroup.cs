namespace CacheOperator.Operator.Api;

/// <summary>The API group and what is named after it.</summary>
internal static class ApiGroup
{
    public const string Name = "cacheoperator.dev";
    public const string Version = "v1alpha1";
    public const string ApiVersion = Name + "/" + Version;

    /// <summary>Readiness gate of the memcached pods: True once a pod may be counted on.</summary>
    public const string WarmCondition = Name + "/warm";

    /// <summary>Annotation of a cache: each new value asks once for the images of this operator.</summary>
    public const string UpdateImages = Name + "/update-images";
}
