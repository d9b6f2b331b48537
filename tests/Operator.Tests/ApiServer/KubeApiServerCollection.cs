namespace CacheOperator.Operator.Tests.ApiServer;

[CollectionDefinition(KubeApiServer.Collection)]
public sealed class KubeApiServerCollection : ICollectionFixture<KubeApiServer>;
