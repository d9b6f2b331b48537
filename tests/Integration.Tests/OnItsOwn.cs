namespace CacheOperator.Integration.Tests;

/// <summary>
/// For tests by <c>[Collection(OnItsOwn.Name)]</c> that tell a member that is slow by a fault from one that is slow because other tests take the machine.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OnItsOwn
{
    public const string Name = "on its own";
}
