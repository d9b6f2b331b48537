using System.Globalization;

namespace CacheOperator.Integration.Tests.Faults;

/// <summary>
/// What may be stored under a key that only one client uses: exactly one thing, until a write is answered with an error, after which it has
/// been made or not.
/// </summary>
internal sealed class KeyModel(string key)
{
    private const int History = 8;
    private readonly Dictionary<int, string> _tokens = [];
    private readonly Queue<string> _history = [];
    private List<ItemState> _states = [ItemState.None];

    public IReadOnlyList<ItemState> States => _states;

    /// <summary>The token that was seen last, and its write; null before one was.</summary>
    public (string Token, int Write)? Seen { get; private set; }

    /// <summary>Takes an answer; null when it is right, and what it should have been otherwise.</summary>
    /// <param name="command">The command.</param>
    /// <param name="answer">With <see cref="CheckedCommand.Token"/> in place of the token.</param>
    /// <param name="token">The token; null when the answer has none.</param>
    public string? Take(CheckedCommand command, string answer, string? token)
    {
        var outcomes = _states.Select(state => command.Apply(state)).ToList();
        var right = outcomes.Where(o => o.Answer == answer && (token is null || _tokens.GetValueOrDefault(o.Next.Write, token) == token)).ToList();
        if (right.Count == 0) return $"{key}: {string.Join(" or ", outcomes.Select(o => o.Answer))}\nbefore: {string.Join("\n        ", _history)}";
        Remember(command, answer + token);
        _states = [.. right.Select(o => o.Next).Distinct()];
        if (token is not null && _states.Count == 1)
        {
            _tokens[_states[0].Write] = token;
            Seen = (token, _states[0].Write);
        }

        return null;
    }

    /// <summary>The command failed: it was done or not.</summary>
    public void Fail(CheckedCommand command)
    {
        _states = [.. _states.Concat(_states.Select(state => command.Apply(state).Next)).Distinct()];
        Remember(command, "failed");
    }

    private void Remember(CheckedCommand command, string answer)
    {
        var (text, result) = (command.Text.ReplaceLineEndings(" "), answer.ReplaceLineEndings(" "));
        _history.Enqueue($"{DateTime.UtcNow:mm:ss.fff} {text[..Math.Min(text.Length, 100)]} -> {result[..Math.Min(result.Length, 100)]}");
        if (_history.Count > History) _history.Dequeue();
    }

    /// <summary>The one item that it must be, as <c>get</c> answers; null for none.</summary>
    public string? Item(ItemState state) => state.Exists ? string.Create(CultureInfo.InvariantCulture, $"VALUE {key} {state.Flags} {state.Value!.Length}\r\n{state.Value}\r\n") : null;
}
