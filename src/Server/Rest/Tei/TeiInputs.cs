using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tokenization;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary>Reads <c>inputs</c>, which are written in several ways.</summary>
internal static class TeiInputs
{
    private const string Inputs = "inputs";

    /// <summary>A text, token numbers, or a list of either.</summary>
    /// <param name="body">The request.</param>
    /// <param name="tokenizer">Makes texts of token numbers.</param>
    public static Outcome<string[]> Texts(JsonElement body, Func<Outcome<Tokenizer>> tokenizer)
    {
        if (body.Field(Inputs) is not { } inputs)
        {
            return InferenceFailure.InvalidInput("'inputs' is missing");
        }

        if (inputs.AsText() is { } text)
        {
            return new[] { text };
        }

        if (inputs.ValueKind != JsonValueKind.Array || inputs.GetArrayLength() == 0)
        {
            return InferenceFailure.InvalidInput("'inputs' must be a text or a list with at least one");
        }

        var items = inputs[0].ValueKind == JsonValueKind.Number ? [inputs] : inputs.EnumerateArray().ToArray();
        var texts = new string[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            if (!ReadOne(items[i], i, tokenizer).TryGetValue(out texts[i]!, out var failure))
            {
                return failure;
            }
        }

        return texts;
    }

    /// <summary>
    /// What is classified: a text; a list of one text, or of two that are a pair; or a list of such lists. Says too whether it was a batch.
    /// </summary>
    public static Outcome<(string[] Texts, string[]? Pairs, bool IsBatch)> Pairs(JsonElement body)
    {
        if (body.Field(Inputs) is not { } inputs)
        {
            return InferenceFailure.InvalidInput("'inputs' is missing");
        }

        if (inputs.AsText() is { } text)
        {
            return (new[] { text }, (string[]?)null, false);
        }

        if (inputs.ValueKind != JsonValueKind.Array)
        {
            return InferenceFailure.InvalidInput("'inputs' must be a text, a list of a text or two, or a list of such lists");
        }

        var isBatch = inputs.GetArrayLength() > 0 && inputs[0].ValueKind == JsonValueKind.Array;
        var rows = new List<string[]>();
        foreach (var row in isBatch ? inputs.EnumerateArray().ToArray() : [inputs])
        {
            if (!JsonReading.TextList(row, Inputs).TryGetValue(out var parts, out var failure))
            {
                return failure;
            }

            if (parts.Length > 2)
            {
                return InferenceFailure.InvalidInput("'inputs': a sequence has one text, or two that are a pair");
            }

            rows.Add(parts);
        }

        if (rows.Select(row => row.Length).Distinct().Count() > 1)
        {
            return InferenceFailure.InvalidInput("'inputs': either every sequence of a batch is a pair, or none is");
        }

        return (rows.Select(row => row[0]).ToArray(), rows[0].Length == 2 ? rows.Select(row => row[1]).ToArray() : null, isBatch);
    }

    /// <summary>What is done with long texts: refused, unless the request says that they are cut.</summary>
    public static InferenceFailure? AddTruncation(TaskRequest request, JsonElement body)
    {
        if (!body.Flag("truncate", otherwise: false).TryGetValue(out var cuts, out var failure))
        {
            return failure;
        }

        request.With("overflow", cuts ? "truncate" : "refuse").With("truncation_direction", body.Field("truncation_direction"));
        return null;
    }

    private static Outcome<string> ReadOne(JsonElement item, int index, Func<Outcome<Tokenizer>> tokenizer)
    {
        if (item.AsText() is { } text)
        {
            return text;
        }

        if (TokenIds.Read(item) is not { } ids)
        {
            return InferenceFailure.InvalidInput($"'inputs[{index}]' must be a text or a list of token numbers");
        }

        return tokenizer().TryGetValue(out var decoder, out var failure) ? decoder.Decode(ids, skipSpecial: true) : failure;
    }
}
