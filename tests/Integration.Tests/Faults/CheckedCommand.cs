namespace CacheOperator.Integration.Tests.Faults;

/// <summary>A command, and what it does to a key's state and answers.</summary>
/// <param name="Text">As it is sent.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Answer">How its answer ends.</param>
/// <param name="Apply">For the state of a key: the answer, or this key's part of it, and the state afterwards. <see cref="Token"/> stands for the item's token.</param>
internal sealed record CheckedCommand(string Text, string[] Keys, AnswerKind Answer, Func<ItemState, (string Answer, ItemState Next)> Apply)
{
    public const string Token = "TOKEN";
}
