using System.Globalization;
using CacheOperator.Consistency.Keys;
using CacheOperator.Fleet.Memcached;

namespace CacheOperator.Consistency.Clients;

/// <summary>Takes the answers of commands and writes down what they say.</summary>
internal static class Answers
{
    /// <exception cref="InvalidDataException">No memcached would answer so.</exception>
    public static async Task TakeAsync(RawClient connection, Command command, Func<long> now, CancellationToken cancellationToken)
    {
        switch (command.Form)
        {
            case AnswerForm.Items:
                await TakeItemsAsync(connection, command, now, cancellationToken);
                break;
            default:
                await TakeLineAsync(connection, command.Operations[0], now, cancellationToken);
                break;
        }
    }

    private static async Task TakeItemsAsync(RawClient connection, Command command, Func<long> now, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, (string[] Words, string Value)>();
        var line = await connection.ReadLineAsync(cancellationToken);
        for (; line.StartsWith("VALUE ", StringComparison.Ordinal); line = await connection.ReadLineAsync(cancellationToken))
        {
            var words = line.Split(' ');
            var value = await connection.ReadAsync(int.Parse(words[3], CultureInfo.InvariantCulture) + 2, cancellationToken);
            found[words[1]] = (words, value[..^2]);
        }

        // Some keys may have been answered before one could not be.
        if (line != "END") found.Clear();
        foreach (var operation in command.Operations)
        {
            if (line != "END") Fail(operation, line);
            else if (found.Remove(operation.Key!.Name, out var item)) Find(operation, item.Value, Number(item.Words[2]), item.Words.Length > 4 ? Number(item.Words[4]) : 0);
            else (operation.Outcome, operation.Answer) = (Outcome.Refused, "nothing");
            operation.Ended = operation.Outcome == Outcome.Unknown ? Operation.Never : now();
        }

        if (found.Count > 0) throw new InvalidDataException($"{command.Request.TrimEnd()} was answered with {string.Join(' ', found.Keys)}");
    }

    private static async Task TakeLineAsync(RawClient connection, Operation operation, Func<long> now, CancellationToken cancellationToken)
    {
        var line = await connection.ReadLineAsync(cancellationToken);
        operation.Answer = line;
        var words = line.Split(' ');
        switch (words[0])
        {
            case "STORED" or "DELETED" or "TOUCHED" or "OK" or "HD":
                operation.Outcome = Outcome.Done;
                if (operation.Key is { } key && operation.Stores) operation.Mark = Values.MarkOf(key, operation.Write);
                if (operation.Kind == OperationKind.Append) operation.Mark = operation.Write;
                operation.Version = Flag(words, 'c');
                break;
            case "VA":
                var value = (await connection.ReadAsync(int.Parse(words[1], CultureInfo.InvariantCulture) + 2, cancellationToken))[..^2];
                var flags = Array.Exists(words, word => word.StartsWith('f')) ? Flag(words, 'f') : (ulong?)null;
                Find(operation, value, flags, Flag(words, 'c'));
                break;
            case "NOT_FOUND" or "NF" when operation.Kind == OperationKind.Delete:
                // It reaches every replica all the same.
                operation.Outcome = Outcome.Done;
                break;
            case "NOT_STORED" or "EXISTS" or "NOT_FOUND" or "NS" or "EX" or "NF" or "EN":
                operation.Outcome = Outcome.Refused;
                break;
            case "SERVER_ERROR":
                break;
            default:
                if (operation.Kind != OperationKind.Count || !long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    throw new InvalidDataException($"{operation.Text} was answered {line}");
                (operation.Outcome, operation.Mark) = (Outcome.Done, number);
                break;
        }

        operation.Ended = operation.Outcome == Outcome.Unknown ? Operation.Never : now();
    }

    private static void Find(Operation operation, string value, ulong? flags, ulong version)
    {
        if (!Values.TryRead(operation.Key!, value, out var mark)) throw new InvalidDataException($"{operation.Text} was answered with the value {value}");
        (operation.Outcome, operation.Mark, operation.Version, operation.Flags) = (Outcome.Done, mark, version, (uint?)flags);
        operation.Answer = $"{value[..Math.Min(value.Length, 60)]}{(version > 0 ? $" c{version}" : "")}";
        if (operation.Key!.Family == KeyFamily.Log) operation.Log = value;
    }

    private static void Fail(Operation operation, string line) => (operation.Outcome, operation.Answer) = (Outcome.Unknown, line);

    private static ulong Flag(string[] words, char name) =>
        words.Skip(1).FirstOrDefault(word => word[0] == name) is { } word ? Number(word[1..]) : 0;

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
