using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tokenization;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary><c>/tokenize</c> and <c>/decode</c>: a model's tokenizer by itself.</summary>
internal sealed class TokenEndpoints(TaskCaller caller)
{
    /// <summary>The tasks whose models have a tokenizer.</summary>
    private static readonly string[] Tasks =
    [
        TaskNames.Embedding, TaskNames.Reranking, TaskNames.TextClassification, TaskNames.ZeroShot, TaskNames.TokenClassification, TaskNames.QuestionAnswering, TaskNames.FillMask,
    ];

    public async ValueTask<InferenceFailure?> TokenizeAsync(TeiCall call)
    {
        if (!FindTokenizer(call).TryGetValue(out var tokenizer, out var failure)
            || !TeiInputs.Texts(call.Body, () => tokenizer).TryGetValue(out var texts, out failure)
            || !call.Body.Flag("add_special_tokens", otherwise: true).TryGetValue(out var special, out failure))
        {
            return failure;
        }

        var options = tokenizer.Options with { AddSpecialTokens = special, Truncation = null, Padding = null };
        TokenEncoding[] encodings;
        try
        {
            encodings = tokenizer.EncodeBatch(texts, options);
        }
        catch (TokenizationException error)
        {
            return InferenceFailure.InvalidInput(error.Message);
        }

        await JsonReply.SendAsync(call.Context, json => Write(json, texts, encodings));
        return null;
    }

    public async ValueTask<InferenceFailure?> DecodeAsync(TeiCall call)
    {
        if (!FindTokenizer(call).TryGetValue(out var tokenizer, out var failure)
            || !call.Body.Flag("skip_special_tokens", otherwise: true).TryGetValue(out var skip, out failure))
        {
            return failure;
        }

        var ids = call.Body.Field("ids") ?? default;
        var isBatch = ids.ValueKind == JsonValueKind.Array && ids.GetArrayLength() > 0 && ids[0].ValueKind == JsonValueKind.Array;
        var texts = new List<string>();
        foreach (var list in isBatch ? ids.EnumerateArray().ToArray() : [ids])
        {
            if (TokenIds.Read(list) is not { } numbers)
            {
                return InferenceFailure.InvalidInput("'ids' must be a list of token numbers, or a list of such lists");
            }

            texts.Add(tokenizer.Decode(numbers, skip));
        }

        await JsonReply.SendAsync(call.Context, json =>
        {
            json.WriteStartArray();
            texts.ForEach(json.WriteStringValue);
            json.WriteEndArray();
        });
        return null;
    }

    private Outcome<Tokenizer> FindTokenizer(TeiCall call) =>
        caller.Find(call.Model, Tasks).TryGetValue(out var model, out var failure) ? caller.Engine.GetTokenizer(model.Name, null) : failure;

    private static void Write(Utf8JsonWriter json, string[] texts, TokenEncoding[] encodings)
    {
        json.WriteStartArray();
        for (var row = 0; row < encodings.Length; row++)
        {
            var letters = texts[row].EnumerateRunes().ToArray();
            json.WriteStartArray();
            for (var i = 0; i < encodings[row].Length; i++)
            {
                var isSpecial = encodings[row].SpecialTokensMask[i] == 1;
                var (start, end) = encodings[row].Offsets[i];
                json.WriteStartObject();
                json.WriteNumber("id", encodings[row].Ids[i]);
                json.WriteString("text", isSpecial ? encodings[row].Tokens[i] : string.Concat(letters[start..end].Select(letter => letter.ToString())));
                json.WriteBoolean("special", isSpecial);
                WritePlace(json, "start", isSpecial ? null : start);
                WritePlace(json, "stop", isSpecial ? null : end);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WritePlace(Utf8JsonWriter json, string name, int? place)
    {
        if (place is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
