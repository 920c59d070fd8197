namespace Serving.Soak.Acts;

/// <summary>Something that clients do.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Weight">How often it is done, against the others.</param>
/// <param name="DoAsync">Does it once and counts how its requests ended.</param>
internal sealed record Act(string Name, int Weight, Func<Task> DoAsync);
