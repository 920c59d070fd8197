using System.Text.Json;

namespace Serving.Runtime.Tasks.Options;

/// <summary>Something that a task lets its users choose: in <c>task</c> of model.yaml, and most in a request's parameters too.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Description">What it does and what it is where nobody says.</param>
internal abstract record TaskOption(string Name, string Description)
{
    /// <summary>Whether a request may give it; else only the model's configuration.</summary>
    public bool IsPerRequest { get; init; } = true;

    /// <summary>What is allowed, for messages.</summary>
    public abstract string Allowed { get; }

    /// <summary>The value; null where it is not allowed.</summary>
    public abstract object? Read(JsonElement value);
}
