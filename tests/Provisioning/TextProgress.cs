namespace CacheOperator.Provisioning;

/// <summary>Writes each progress line at once and in order (<see cref="Progress{T}"/> would post them to the thread pool).</summary>
public sealed class TextProgress(TextWriter writer) : IProgress<string>
{
    private readonly Lock _gate = new();

    public void Report(string value)
    {
        lock (_gate)
        {
            writer.WriteLine(value);
            writer.Flush();
        }
    }
}
