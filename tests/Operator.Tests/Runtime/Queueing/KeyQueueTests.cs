using CacheOperator.Operator.Runtime;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Queueing;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Operator.Tests.Runtime.Queueing;

public sealed class KeyQueueTests : IDisposable
{
    private static readonly ObjectKey One = new("a", "one");
    private static readonly ObjectKey Two = new("a", "two");

    private readonly FakeTimeProvider _time = new();
    private readonly KeyQueue _queue;

    public KeyQueueTests() => _queue = new KeyQueue(_time, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)));

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task A_key_waits_once_however_often_it_is_added()
    {
        _queue.Add(One);
        _queue.Add(Two);
        _queue.Add(One);

        Assert.Equal(2, _queue.Count);
        Assert.Equal([One, Two], [await Take(), await Take()]);
    }

    [Fact]
    public async Task A_key_in_work_is_not_given_to_a_second_worker()
    {
        _queue.Add(One);
        await Take();
        _queue.Add(One);
        Assert.Equal(0, _queue.Count);

        _queue.Done(One);

        Assert.Equal(One, await Take());
    }

    [Fact]
    public async Task A_key_that_was_not_added_again_does_not_come_back()
    {
        _queue.Add(One);
        await Take();

        _queue.Done(One);

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task A_waiting_worker_gets_the_next_key()
    {
        var waiting = Take();
        Assert.False(waiting.IsCompleted);

        _queue.Add(One);

        Assert.Equal(One, await waiting);
    }

    [Fact]
    public void A_delayed_key_comes_at_its_time()
    {
        _queue.AddAfter(One, TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, _queue.Count);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, _queue.Count);
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(3, 10)]
    public void Of_several_delays_the_earliest_wins(int first, int second)
    {
        _queue.AddAfter(One, TimeSpan.FromSeconds(first));
        _queue.AddAfter(One, TimeSpan.FromSeconds(second));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, _queue.Count);

        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public async Task Being_taken_settles_a_delay()
    {
        _queue.AddAfter(One, TimeSpan.FromSeconds(10));
        _queue.Add(One);
        await Take();
        _queue.Done(One);

        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task A_delay_set_while_in_work_stays()
    {
        _queue.Add(One);
        await Take();
        _queue.AddAfter(One, TimeSpan.FromSeconds(10));
        _queue.Done(One);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public async Task Failures_wait_longer_each_time_up_to_a_limit_until_forgotten()
    {
        foreach (var limit in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            var wait = _queue.AddFailed(One);
            Assert.InRange(wait, TimeSpan.FromSeconds(limit / 2.0), TimeSpan.FromSeconds(limit));
            _time.Advance(wait);
            Assert.Equal(One, await Take());
            _queue.Done(One);
        }

        _queue.Forget(One);

        Assert.InRange(_queue.AddFailed(One), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Many_workers_and_producers_never_hold_one_key_twice_and_lose_none()
    {
        var token = TestContext.Current.CancellationToken;
        var keys = Enumerable.Range(0, 20).Select(i => new ObjectKey("a", $"key-{i}")).ToArray();
        var added = new int[keys.Length];
        var seen = new int[keys.Length];
        var held = new int[keys.Length];
        var twice = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var key = await _queue.TakeAsync(stop.Token);
                var i = Array.IndexOf(keys, key);
                if (Interlocked.Increment(ref held[i]) > 1)
                    Interlocked.Increment(ref twice);
                Volatile.Write(ref seen[i], Volatile.Read(ref added[i]));
                await Task.Yield();
                Interlocked.Decrement(ref held[i]);
                _queue.Done(key);
            }
        }, token)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var n = 0; n < 5000; n++)
            {
                var i = n % keys.Length;
                Interlocked.Increment(ref added[i]);
                _queue.Add(keys[i]);
            }
        }, token)));

        await Support.Eventually.True(() => seen.SequenceEqual(added), "the workers to see the last state of every key");

        Assert.Equal(0, twice);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(workers));
    }

    [Fact]
    public async Task A_stopped_worker_takes_nothing()
    {
        using var stop = new CancellationTokenSource();
        var waiting = _queue.TakeAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _queue.Add(One);
        Assert.Equal(1, _queue.Count);
    }

    private Task<ObjectKey> Take() => _queue.TakeAsync(TestContext.Current.CancellationToken).AsTask();
}
