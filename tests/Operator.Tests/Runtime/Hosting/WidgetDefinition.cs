using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Hosting;

internal static class WidgetDefinition
{
    public static V1CustomResourceDefinition Create() => new()
    {
        Metadata = new V1ObjectMeta { Name = "widgets.test.cacheoperator.dev" },
        Spec = new V1CustomResourceDefinitionSpec
        {
            Group = "test.cacheoperator.dev",
            Scope = "Namespaced",
            Names = new V1CustomResourceDefinitionNames { Kind = "Widget", Plural = "widgets" },
            Versions =
            [
                new V1CustomResourceDefinitionVersion
                {
                    Name = "v1",
                    Served = true,
                    Storage = true,
                    Subresources = new V1CustomResourceSubresources { Status = new object() },
                    Schema = new V1CustomResourceValidation
                    {
                        OpenAPIV3Schema = new V1JSONSchemaProps
                        {
                            Type = "object",
                            Properties = new Dictionary<string, V1JSONSchemaProps> { ["spec"] = Sized(), ["status"] = Sized() },
                        },
                    },
                },
            ],
        },
    };

    private static V1JSONSchemaProps Sized() => new()
    {
        Type = "object",
        Properties = new Dictionary<string, V1JSONSchemaProps> { ["size"] = new() { Type = "integer" } },
    };
}
