using System.Text.Json;

namespace Serving.Runtime.Tasks.Options;

/// <summary>A text.</summary>
internal sealed record TextOption(string Name, string Description) : TaskOption(Name, Description)
{
    public override string Allowed => "a text";

    public override object? Read(JsonElement value) => JsonTexts.Read(value);
}
