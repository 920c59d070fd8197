using System.Text;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.Json;

/// <summary>What a tensor's data is expected to be, and the failures where it is not.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Type">The declared type.</param>
/// <param name="Shape">The declared shape.</param>
/// <param name="Count">The number of elements by the shape.</param>
/// <param name="Remaining">Bytes of JSON that can hold the data: what a client declares must not reserve more memory than it sends.</param>
internal readonly record struct DataTarget(string Input, ElementType Type, TensorShape Shape, long Count, long Remaining)
{
    private const int LongestShownValue = 40;

    /// <summary>The most elements that the remaining JSON can hold: each takes a character and a comma or bracket.</summary>
    public long MostElements => Math.Min(Count, (Remaining / 2) + 1);

    public InferenceFailure WrongCount(long got) =>
        Failure($"expects {Count} elements by its shape {Shape}, got {got}");

    public InferenceFailure WrongElement(ref Utf8JsonReader reader, long index, string allowed) =>
        Failure($"element {index}: {Show(ref reader)} is not a {Type.Name()}, expected {allowed}");

    public InferenceFailure NoArray(ref Utf8JsonReader reader) =>
        Failure($"data is {Show(ref reader)}, expected an array of {Count} elements for its shape {Shape}");

    public InferenceFailure WrongNesting(string problem) => Failure($"data {problem}");

    public InferenceFailure TooLarge() =>
        InferenceFailure.TooLarge($"input '{Input}' is larger than the {int.MaxValue} bytes that one tensor may have");

    private InferenceFailure Failure(string problem) => InferenceFailure.InvalidInput($"input '{Input}' {problem}");

    private static string Show(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => $"\"{Shorten(reader.ValueSpan)}\"",
        _ => Shorten(reader.ValueSpan),
    };

    private static string Shorten(ReadOnlySpan<byte> text) => text.Length <= LongestShownValue
        ? Encoding.UTF8.GetString(text)
        : Encoding.UTF8.GetString(text[..LongestShownValue]) + "...";
}
