using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Apply;

/// <summary>
/// Compares what was rendered with what is live. Only rendered fields count: what the server defaults and what others add
/// (labels, injected containers) is theirs.
/// </summary>
internal static class Drift
{
    /// <summary>Lists whose entries have several owners, told apart by a key: further entries are none of our business.</summary>
    private static readonly HashSet<string> SharedLists = new(StringComparer.Ordinal)
    {
        "containers", "initContainers", "env", "ports", "volumes", "volumeMounts", "volumeDevices", "imagePullSecrets",
        "hostAliases", "topologySpreadConstraints", "readinessGates", "ownerReferences", "finalizers", "conditions",
        "secrets", "resourceClaims", "schedulingGates",
    };

    /// <summary>Maps and fields that hold quantities, which the server writes in its own form (1024Mi comes back as 1Gi).</summary>
    private static readonly HashSet<string> Quantities = new(StringComparer.Ordinal)
    {
        "limits", "requests", "hard", "capacity", "overhead", "sizeLimit", "averageValue", "divisor",
    };

    /// <summary>The path of the first rendered field that the live object lacks or has differently; null when there is none.</summary>
    public static string? Find(JsonObject rendered, JsonObject live) => FindInObject(rendered, live, "", quantities: false);

    /// <summary>True when both say the same: absent, null and empty are one, and the order of entries in shared lists is none.</summary>
    public static bool AreEqual(JsonObject one, JsonObject other) => Find(one, other) is null && Find(other, one) is null;

    private static string? Find(JsonNode? rendered, JsonNode? live, string path, string name, bool quantities)
    {
        if (live is null)
            return IsEmpty(rendered) ? null : path;
        quantities |= Quantities.Contains(name);
        return (rendered, live) switch
        {
            (null, _) => null,
            (JsonObject one, JsonObject other) => FindInObject(one, other, path, quantities),
            (JsonArray one, JsonArray other) => FindInList(one, other, path, SharedLists.Contains(name)),
            (JsonValue one, JsonValue other) => SameValue(one, other, quantities) ? null : path,
            _ => path,
        };
    }

    private static string? FindInObject(JsonObject rendered, JsonObject live, string path, bool quantities)
    {
        foreach (var (name, value) in rendered)
        {
            if (Find(value, live[name], $"{path}.{name}", name, quantities) is { } difference)
                return difference;
        }

        return null;
    }

    private static string? FindInList(JsonArray rendered, JsonArray live, string path, bool shared)
    {
        if (!shared)
        {
            if (rendered.Count != live.Count)
                return path;
            for (var i = 0; i < rendered.Count; i++)
            {
                if (Find(rendered[i], live[i], $"{path}[{i}]", "", quantities: false) is { } difference)
                    return difference;
            }

            return null;
        }

        // Entries may have moved or been joined by others', so each looks for its counterpart.
        var open = live.ToList();
        for (var i = 0; i < rendered.Count; i++)
        {
            var match = open.FindIndex(other => Find(rendered[i], other, "", "", quantities: false) is null);
            if (match < 0)
                return $"{path}[{i}]";
            open.RemoveAt(match);
        }

        return null;
    }

    private static bool SameValue(JsonValue rendered, JsonValue live, bool quantities)
    {
        if (JsonNode.DeepEquals(rendered, live))
            return true;
        if (rendered.GetValueKind() == JsonValueKind.Number && live.GetValueKind() == JsonValueKind.Number)
            return rendered.GetValue<decimal>() == live.GetValue<decimal>();
        if (!quantities)
            return false;
        try
        {
            return new ResourceQuantity(rendered.ToString()).ToDecimal() == new ResourceQuantity(live.ToString()).ToDecimal();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>Values that the server leaves out when it stores an object.</summary>
    private static bool IsEmpty(JsonNode? node) => node switch
    {
        null => true,
        JsonObject members => members.All(member => IsEmpty(member.Value)),
        JsonArray items => items.Count == 0,
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.False => true,
            JsonValueKind.String => value.GetValue<string>().Length == 0,
            JsonValueKind.Number => value.GetValue<decimal>() == 0,
            _ => false,
        },
        _ => false,
    };
}
