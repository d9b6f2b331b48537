namespace CacheOperator.Consistency.Clients;

/// <param name="Request">What is sent.</param>
/// <param name="Form">How it is answered.</param>
/// <param name="Operations">What it comes to, one for each key.</param>
internal sealed record Command(string Request, AnswerForm Form, params Operation[] Operations);
