using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Replication;

namespace CacheOperator.Proxy.Workers;

/// <summary>The operations of one event loop that are free to be used again.</summary>
internal sealed class OperationPools(Worker worker)
{
    private readonly Stack<ReadBatch> _readBatches = new();

    public OperationPool<GetOperation> Gets { get; } = new(() => new GetOperation(worker));

    public OperationPool<ReadOperation> Reads { get; } = new(() => new ReadOperation(worker));

    public OperationPool<StoreOperation> Stores { get; } = new(() => new StoreOperation(worker));

    public OperationPool<ConditionalOperation> Conditionals { get; } = new(() => new ConditionalOperation(worker));

    public OperationPool<TouchOperation> Touches { get; } = new(() => new TouchOperation(worker));

    public OperationPool<FetchOrMakeOperation> Fetches { get; } = new(() => new FetchOrMakeOperation(worker));

    public OperationPool<DeleteOperation> Deletes { get; } = new(() => new DeleteOperation(worker));

    public OperationPool<FlushOperation> Flushes { get; } = new(() => new FlushOperation(worker));

    public OperationPool<AnswerOperation> Answers { get; } = new(() => new AnswerOperation(worker));

    public ReadBatch RentReadBatch() => _readBatches.TryPop(out var batch) ? batch : new ReadBatch(_readBatches);
}
