using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Reconciling;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Reconciling;

public sealed class OwnerMapperTests
{
    private static readonly ResourceKind Widget = new("example.dev", "v1", "Widget", "widgets");

    [Theory]
    [InlineData("example.dev/v1", "Widget", true, true)]
    [InlineData("example.dev/v2", "Widget", true, true)]
    [InlineData("example.dev/v1", "Widget", false, false)]
    [InlineData("other.dev/v1", "Widget", true, false)]
    [InlineData("v1", "Widget", true, false)]
    [InlineData("example.dev/v1", "Gadget", true, false)]
    public void Only_the_controlling_owner_of_the_kind_counts_in_whatever_version(string apiVersion, string kind, bool controller, bool found)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                NamespaceProperty = "space",
                Name = "pod",
                OwnerReferences = [new V1OwnerReference { ApiVersion = apiVersion, Kind = kind, Name = "one", Uid = "1", Controller = controller }],
            },
        };

        Assert.Equal(found ? new ObjectKey("space", "one") : null, OwnerMapper.OwnerOf(pod, Widget));
    }

    [Fact]
    public void An_object_without_owners_leads_nowhere() =>
        Assert.Null(OwnerMapper.OwnerOf(new V1Pod { Metadata = new V1ObjectMeta { Name = "pod" } }, Widget));
}
