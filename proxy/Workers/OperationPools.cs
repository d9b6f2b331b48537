using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Replication;

namespace CacheOperator.Proxy.Workers;

/// <summary>The operations of one event loop that are free to be used again.</summary>
/// <param name="worker">Whose they are.</param>
/// <param name="room">How many of them are kept.</param>
internal sealed class OperationPools(Worker worker, PoolRoom room)
{
    private readonly Stack<ReadBatch> _readBatches = new();

    public OperationPool<GetOperation> Gets { get; } = new(() => new GetOperation(worker), room);

    public OperationPool<ReadOperation> Reads { get; } = new(() => new ReadOperation(worker), room);

    public OperationPool<BackfillOperation> Backfills { get; } = new(() => new BackfillOperation(worker), room);

    public OperationPool<StoreOperation> Stores { get; } = new(() => new StoreOperation(worker), room);

    public OperationPool<ConditionalOperation> Conditionals { get; } = new(() => new ConditionalOperation(worker), room);

    public OperationPool<TouchOperation> Touches { get; } = new(() => new TouchOperation(worker), room);

    public OperationPool<FetchOrMakeOperation> Fetches { get; } = new(() => new FetchOrMakeOperation(worker), room);

    public OperationPool<DeleteOperation> Deletes { get; } = new(() => new DeleteOperation(worker), room);

    public OperationPool<FlushOperation> Flushes { get; } = new(() => new FlushOperation(worker), room);

    public OperationPool<AnswerOperation> Answers { get; } = new(() => new AnswerOperation(worker), room);

    public ReadBatch RentReadBatch() => _readBatches.TryPop(out var batch) ? batch : new ReadBatch(_readBatches);
}
