using System.Text;
using Serving.Contracts.Inference;
using Serving.Fuzz.Wire;

namespace Serving.Fuzz.Reference;

/// <summary>
/// Where the scanner may refuse what the generated parser accepts, and nowhere else: limits, texts that are no UTF-8, tags and
/// lengths of more than 32 bits, layouts that do not exist, groups almost as deep as either allows.
/// </summary>
internal static class Strictness
{
    private const int LongestText = 64 * 1024;
    private const int MostAxes = 1024;
    private const int MostEntries = 4096;

    /// <summary>So many bytes can hold too many pieces of contents, each a tag and a length of 0; parsed, they can no longer be told apart.</summary>
    private const int ManyPieces = 2 * MostEntries;

    /// <summary>The parsers count depth from different levels; both end at about 100.</summary>
    private const int Deep = 96;

    public static bool IsDeep(byte[] input) => WireFacts.Of(input).Depth >= Deep;

    /// <summary>Whether a message that the generated parser accepted may be refused.</summary>
    public static bool Allows(byte[] input, ModelInferRequest message) => AllowsWire(input) || ExceedsLimits(message);

    /// <summary>Whether its layout alone is a reason.</summary>
    public static bool AllowsWire(byte[] input)
    {
        var facts = WireFacts.Of(input);
        return facts.HasWideNumber || facts.HasBrokenText || facts.HasUnknownLayout || facts.Depth >= Deep || input.Length >= ManyPieces;
    }

    private static bool ExceedsLimits(ModelInferRequest message) =>
        message.Inputs.Count > MostEntries || message.Outputs.Count > MostEntries || message.RawInputContents.Count > MostEntries
        || message.Inputs.Any(input => input.Shape.Count > MostAxes || IsLong(input.Name) || IsLong(input.Datatype))
        || message.Outputs.Any(output => IsLong(output.Name))
        || IsLong(message.ModelName) || IsLong(message.ModelVersion) || IsLong(message.Id);

    private static bool IsLong(string text) => text.Length > LongestText / 3 && Encoding.UTF8.GetByteCount(text) > LongestText;
}
