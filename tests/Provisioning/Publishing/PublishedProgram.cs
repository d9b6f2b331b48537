namespace CacheOperator.Provisioning.Publishing;

/// <summary>A published program, Release build.</summary>
/// <param name="Folder">All of its files.</param>
/// <param name="Executable">Path of the program to start.</param>
/// <param name="Hash">Changes whenever its sources do.</param>
public sealed record PublishedProgram(string Folder, string Executable, string Hash);
