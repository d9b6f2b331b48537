using System.Reflection;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Client;

/// <summary>How the API names a kind: group and version, kind, and the plural that stands in its paths.</summary>
/// <param name="Group">API group; empty for the core group.</param>
internal readonly record struct ResourceKind(string Group, string Version, string Kind, string Plural)
{
    /// <summary><c>v1</c>, <c>apps/v1</c>: what objects carry as <c>apiVersion</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Reads the names from the type's <see cref="KubernetesEntityAttribute"/>.</summary>
    /// <exception cref="ArgumentException">The type has no such attribute, or one without a plural.</exception>
    public static ResourceKind Of<T>() => Of(typeof(T));

    public static ResourceKind Of(Type type)
    {
        var entity = type.GetCustomAttribute<KubernetesEntityAttribute>();
        if (entity is null || string.IsNullOrEmpty(entity.PluralName))
            throw new ArgumentException($"{type} needs a [KubernetesEntity] attribute with Group, ApiVersion, Kind and PluralName.", nameof(type));
        return new ResourceKind(entity.Group ?? "", entity.ApiVersion, entity.Kind, entity.PluralName);
    }

    /// <summary>The path of the collection, relative to the server's address: all namespaces (or a cluster-scoped kind) when none is given.</summary>
    public string CollectionPath(string? @namespace)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return @namespace is null
            ? $"{root}/{Plural}"
            : $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}";
    }

    /// <summary>The path of one object, or of one of its subresources (<c>status</c>).</summary>
    public string ObjectPath(ObjectKey key, string? subresource = null)
    {
        var path = $"{CollectionPath(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    public override string ToString() => $"{ApiVersion} {Kind}";
}
