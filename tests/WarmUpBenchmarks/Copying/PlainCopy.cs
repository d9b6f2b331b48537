using System.Diagnostics;
using System.Globalization;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;
using CacheOperator.WarmUpBenchmarks.Members;

namespace CacheOperator.WarmUpBenchmarks.Copying;

/// <summary>The peer: plain-copier.c, compiled on the spot.</summary>
internal sealed class PlainCopy(string program) : ICopier
{
    public Contender Contender => Contender.PlainCopier;

    /// <param name="folder">Where the program is put.</param>
    /// <param name="progress">Is told when something takes long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<PlainCopy> BuildAsync(string folder, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await DebianPackages.EnsureAsync(["gcc", "libc6-dev"], progress, cancellationToken);
        var (source, program) = (Path.Combine(folder, "plain-copier.c"), Path.Combine(folder, "plain-copier"));
        await using (var file = File.Create(source))
        await using (var resource = typeof(PlainCopy).Assembly.GetManifestResourceStream("plain-copier.c")!)
            await resource.CopyToAsync(file, cancellationToken);
        await new Command("gcc", "-O2", "-o", program, source).RunAsync(cancellationToken);
        return new PlainCopy(program);
    }

    public async Task<CopyOutcome> CopyAsync(MemberPair members, CopyCase work, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [$"{members.Source.EndPoint.Port}", $"{members.Target.EndPoint.Port}"]) { RedirectStandardOutput = true })!;
        var peak = 0L;
        var output = process.StandardOutput.ReadLineAsync(cancellationToken).AsTask();
        while (await Task.WhenAny(output, Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken)) != output)
            peak = Math.Max(peak, ProcessMemory.PeakOrNone(process.Id));
        var line = await output ?? throw new ProvisioningException("the plain copier failed");
        await process.WaitForExitAsync(cancellationToken);
        double[] numbers = [.. line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        return new CopyOutcome((long)numbers[0], numbers[1] + numbers[2], TimeSpan.FromSeconds(numbers[3]), peak);
    }
}
