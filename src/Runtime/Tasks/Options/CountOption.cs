using System.Text.Json;

namespace Serving.Runtime.Tasks.Options;

/// <summary>A whole number.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Description">What it does and what it is where nobody says.</param>
/// <param name="Min">The least that is allowed.</param>
/// <param name="Max">The most that is allowed.</param>
internal sealed record CountOption(string Name, string Description, int Min, int Max) : TaskOption(Name, Description)
{
    public override string Allowed => $"a whole number from {Min} to {Max}";

    public override object? Read(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= Min && number <= Max ? number : null;
}
