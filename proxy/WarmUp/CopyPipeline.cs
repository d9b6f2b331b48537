using System.Threading.Channels;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Carries keys through read, store and verify, each on connections of its own, so that source, target and
/// verification work at the same time. A fixed number of batches goes round: they bound the memory.
/// </summary>
internal sealed class CopyPipeline
{
    private readonly ItemReader _reader;
    private readonly ItemWriter _writer;
    private readonly CopyRounds _rounds;
    private readonly Pace _pace;
    private readonly CopyLimits _limits;
    private readonly CopyProgress _progress;

    public CopyPipeline(ItemReader reader, ItemWriter writer, CopyRounds rounds, Pace pace, CopyLimits limits, CopyProgress progress) =>
        (_reader, _writer, _rounds, _pace, _limits, _progress) = (reader, writer, rounds, pace, limits, progress);

    /// <summary>Copies every key of the band and returns when all of them are verified.</summary>
    public async Task RunAsync(KeyBand band, CancellationToken cancellationToken)
    {
        var free = Channel.CreateUnbounded<CopyBatch>();
        var listed = Channel.CreateUnbounded<CopyBatch>();
        var read = Channel.CreateUnbounded<CopyBatch>();
        var stored = Channel.CreateUnbounded<CopyBatch>();
        for (var i = 0; i < _limits.BatchesInFlight; i++)
            free.Writer.TryWrite(new CopyBatch());

        await Task.WhenAll(
            FeedAsync(band, free.Reader, listed.Writer, cancellationToken),
            StageAsync(listed.Reader, read.Writer, _reader.ReadAsync),
            StageAsync(read.Reader, stored.Writer, _writer.WriteAsync),
            StageAsync(stored.Reader, free.Writer, SettleAsync));
    }

    private async Task FeedAsync(KeyBand band, ChannelReader<CopyBatch> free, ChannelWriter<CopyBatch> output, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var range in band.Batches(_limits.BatchItems, _limits.BatchBytes))
            {
                // Not ReadAsync: that one would wrap the error of the stage that gave up.
                await free.WaitToReadAsync(cancellationToken);
                free.TryRead(out var batch);
                var bytes = band.CopyTo(batch!, range, CopyItemState.Listed);
                await _pace.SpendAsync(bytes, cancellationToken);
                output.TryWrite(batch!);
            }

            output.Complete();
        }
        catch (Exception e)
        {
            output.TryComplete(e);
            throw;
        }
    }

    /// <summary>An error travels on to the stages after it and, because the batches no longer come back, to the feed.</summary>
    private static async Task StageAsync(ChannelReader<CopyBatch> input, ChannelWriter<CopyBatch> output, Func<CopyBatch, Task> work)
    {
        try
        {
            await foreach (var batch in input.ReadAllAsync())
            {
                await work(batch);
                output.TryWrite(batch);
            }

            output.TryComplete();
        }
        catch (Exception e)
        {
            output.TryComplete(e);
            throw;
        }
    }

    private async Task SettleAsync(CopyBatch batch)
    {
        await _rounds.SettleAsync(batch);
        _progress.AddProcessed(batch.Count);
    }
}
