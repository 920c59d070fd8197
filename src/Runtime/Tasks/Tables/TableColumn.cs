using System.Globalization;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Tables;

/// <summary>A column of a table: makes a graph's element of what JSON has in a cell. Numbers may come as texts, as from files of CSV.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Type">The graph's type, one of <see cref="Fits"/>.</param>
internal sealed record TableColumn(string Name, ElementType Type)
{
    /// <summary>Whether cells can be made of a type.</summary>
    public static bool Fits(ElementType type) =>
        type is ElementType.Float32 or ElementType.Float64 or ElementType.Int32 or ElementType.Int64 or ElementType.Bool or ElementType.Bytes;

    /// <summary>A cell's bytes. What is not known (null) is not a number, or an empty text; whole numbers and flags must be known.</summary>
    public Outcome<byte[]> Read(JsonElement cell)
    {
        var text = cell.ValueKind switch
        {
            JsonValueKind.String => JsonTexts.Read(cell),
            JsonValueKind.Number => cell.GetRawText(),
            JsonValueKind.True => "1",
            JsonValueKind.False => "0",
            JsonValueKind.Null => "",
            _ => null,
        };
        return text is not null && Read(text, cell.ValueKind) is { } bytes
            ? bytes
            : InferenceFailure.InvalidInput($"column '{Name}' is {Configuration.ConfigErrors.Quote(cell.GetRawText())}, expected {Expected}");
    }

    private string Expected => Type switch
    {
        ElementType.Bytes => "a text",
        ElementType.Bool => "true or false",
        ElementType.Int32 or ElementType.Int64 => $"a whole number of {Type.Name()}",
        _ => $"a number of {Type.Name()}, or null where it is not known",
    };

    private byte[]? Read(string text, JsonValueKind kind)
    {
        switch (Type)
        {
            case ElementType.Bytes:
                var content = System.Text.Encoding.UTF8.GetBytes(kind is JsonValueKind.True or JsonValueKind.False ? (text == "1" ? "true" : "false") : text);
                return [.. BitConverter.GetBytes(content.Length), .. content];
            case ElementType.Bool:
                return text is "0" or "false" ? [0] : text is "1" or "true" ? [1] : null;
            case ElementType.Int32:
                return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? BitConverter.GetBytes(whole) : null;
            case ElementType.Int64:
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) ? BitConverter.GetBytes(large) : null;
            case ElementType.Float32:
                return ReadNumber(text, kind) is { } number && (!double.IsFinite(number) || float.IsFinite((float)number)) ? BitConverter.GetBytes((float)number) : null;
            default:
                return ReadNumber(text, kind) is { } exact ? BitConverter.GetBytes(exact) : null;
        }
    }

    private static double? ReadNumber(string text, JsonValueKind kind) =>
        kind == JsonValueKind.Null ? double.NaN
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !double.IsInfinity(number) ? number
        : null;
}
