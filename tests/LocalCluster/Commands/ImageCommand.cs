using System.CommandLine;
using CacheOperator.LocalCluster.Images;

namespace CacheOperator.LocalCluster.Commands;

/// <summary><c>local-cluster image ...</c>: images without Docker or a registry.</summary>
internal static class ImageCommand
{
    public static Command Create(Func<ParseResult, Cluster> cluster, IProgress<string> progress) =>
        new("image", "Build the project's images and give images to the nodes") { Build(progress), Load(cluster, progress) };

    private static Command Build(IProgress<string> progress)
    {
        var command = new Command("build", "Build the images of operator, proxy and memcached, and print the paths of their archives");
        command.SetAction(async (_, cancellationToken) =>
        {
            foreach (var archive in await ProjectImages.BuildAsync(new ImageNames(), progress, cancellationToken))
            {
                Console.WriteLine(archive);
            }
        });
        return command;
    }

    private static Command Load(Func<ParseResult, Cluster> cluster, IProgress<string> progress)
    {
        var archives = new Argument<string[]>("archive")
        {
            Description = "Archives as `docker save` writes them; without any, the project's images are built and loaded",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("load", "Give images to all running nodes") { archives };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var target = cluster(arguments);
            var given = arguments.GetValue(archives) ?? [];
            foreach (var archive in given.Length > 0 ? given : await ProjectImages.BuildAsync(new ImageNames(), progress, cancellationToken))
            {
                progress.Report($"loading {archive}");
                await target.LoadImageAsync(archive, cancellationToken);
            }
        });
        return command;
    }
}
