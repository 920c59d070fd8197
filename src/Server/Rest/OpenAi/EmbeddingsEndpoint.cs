using System.Runtime.InteropServices;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.OpenAi;

/// <summary><c>POST /v1/embeddings</c>: vectors of texts, as lists of numbers or in base64.</summary>
internal sealed class EmbeddingsEndpoint(TaskCaller caller)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/embeddings", InvokeAsync);

    private async Task InvokeAsync(HttpContext context)
    {
        var received = caller.Now;
        var failure = (await caller.ReadJsonAsync(context)).TryGetValue(out var body, out var unreadable) ? await AnswerAsync(context, body, received) : unreadable;
        if (failure is not null)
        {
            await OpenAiErrors.WriteAsync(context, failure);
        }
    }

    private async ValueTask<InferenceFailure?> AnswerAsync(HttpContext context, JsonElement body, long received)
    {
        if (!body.Text("model").TryGetValue(out var name, out var failure)
            || !caller.Find(name, TaskNames.Embedding).TryGetValue(out var model, out failure)
            || !ReadInput(body, model.Name).TryGetValue(out var texts, out failure)
            || !ReadFormat(body).TryGetValue(out var inBase64, out failure))
        {
            return failure;
        }

        // OpenAI refuses what is too long, and its vectors have a length of 1.
        var request = new TaskRequest { Outputs = [TaskNames.Vector, TaskNames.Tokens] }
            .Add(TaskNames.Text, texts)
            .With("dimensions", body.Field("dimensions"))
            .With("overflow", "refuse")
            .With("normalize", true);
        if (!(await caller.AskAsync(context, model.Name, request, received)).TryGetValue(out var reply, out failure))
        {
            return failure;
        }

        using (reply)
        {
            await JsonReply.SendAsync(context, json => Write(json, reply, model.Name, inBase64));
        }

        return null;
    }

    /// <summary>A text, several, or texts that the client has tokenized already with the model's own tokenizer.</summary>
    private Outcome<string[]> ReadInput(JsonElement body, string model)
    {
        if (body.Field("input") is not { } input)
        {
            return InferenceFailure.InvalidInput("'input' is missing");
        }

        if (input.AsText() is { } text)
        {
            return new[] { text };
        }

        if (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0)
        {
            return InferenceFailure.InvalidInput("'input' must be a text, a list of texts, or lists of token numbers");
        }

        return input[0].ValueKind switch
        {
            JsonValueKind.Number => ReadTokens([input], model),
            JsonValueKind.Array => ReadTokens([.. input.EnumerateArray()], model),
            _ => JsonReading.TextList(input, "input"),
        };
    }

    private Outcome<string[]> ReadTokens(IReadOnlyList<JsonElement> lists, string model)
    {
        if (!caller.Engine.GetTokenizer(model, null).TryGetValue(out var tokenizer, out var failure))
        {
            return failure;
        }

        var texts = new string[lists.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            if (TokenIds.Read(lists[i]) is not { } ids)
            {
                return InferenceFailure.InvalidInput($"'input[{i}]' must be a list of token numbers");
            }

            texts[i] = tokenizer.Decode(ids, skipSpecial: true);
        }

        return texts;
    }

    private static Outcome<bool> ReadFormat(JsonElement body) => body.Field("encoding_format")?.AsText() switch
    {
        null when body.Field("encoding_format") is null => false,
        "float" => false,
        "base64" => true,
        _ => InferenceFailure.InvalidInput("'encoding_format' must be 'float' or 'base64'"),
    };

    private static void Write(Utf8JsonWriter json, TaskReply reply, string model, bool inBase64)
    {
        var vectors = reply.Floats(TaskNames.Vector);
        var size = vectors.Length / reply.Rows;
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        for (var row = 0; row < reply.Rows; row++)
        {
            var vector = vectors.Slice(row * size, size);
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", row);
            json.WritePropertyName("embedding");
            if (inBase64)
            {
                json.WriteBase64StringValue(MemoryMarshal.AsBytes(vector));
            }
            else
            {
                TaskJson.WriteVector(json, vector);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", model);
        json.WriteStartObject("usage");
        var tokens = Sum(reply.Longs(TaskNames.Tokens));
        json.WriteNumber("prompt_tokens", tokens);
        json.WriteNumber("total_tokens", tokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static long Sum(ReadOnlySpan<long> numbers)
    {
        var sum = 0L;
        foreach (var number in numbers)
        {
            sum += number;
        }

        return sum;
    }
}
