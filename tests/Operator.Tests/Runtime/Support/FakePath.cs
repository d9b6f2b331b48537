namespace CacheOperator.Operator.Tests.Runtime.Support;

/// <summary>A request path taken apart: /api/v1/namespaces/a/pods/b/status, /apis/apps/v1/statefulsets, ...</summary>
internal readonly record struct FakePath(string Plural, string? Namespace, string? Name)
{
    public static FakePath? Parse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var rest = parts switch
        {
            ["api", _, .. var core] => core,
            ["apis", _, _, .. var group] => group,
            _ => [],
        };
        return rest switch
        {
            ["namespaces", var space, var plural] => new FakePath(plural, space, null),
            ["namespaces", var space, var plural, var name, ..] => new FakePath(plural, space, name),
            [var plural] => new FakePath(plural, null, null),
            [var plural, var name, ..] => new FakePath(plural, null, name),
            _ => null,
        };
    }
}
