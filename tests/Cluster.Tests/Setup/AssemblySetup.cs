using CacheOperator.ClusterTests.Setup;

// One cluster for all, brought up once; its nodes are shared, so scenarios take turns.
[assembly: AssemblyFixture(typeof(ClusterFixture))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
