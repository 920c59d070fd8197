using System.Text.Json;

namespace Serving.Runtime.Tasks.Options;

/// <summary>Something that is done or not.</summary>
internal sealed record FlagOption(string Name, string Description) : TaskOption(Name, Description)
{
    public override string Allowed => "true or false";

    public override object? Read(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;
}
