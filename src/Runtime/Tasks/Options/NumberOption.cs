using System.Globalization;
using System.Text.Json;

namespace Serving.Runtime.Tasks.Options;

/// <summary>A number.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Description">What it does and what it is where nobody says.</param>
/// <param name="Min">The least that is allowed.</param>
/// <param name="Max">The most that is allowed.</param>
internal sealed record NumberOption(string Name, string Description, double Min, double Max) : TaskOption(Name, Description)
{
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a number from {Min} to {Max}");

    public override object? Read(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= Min && number <= Max ? number : null;
}
