using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary><c>/rerank</c> and <c>/predict</c>.</summary>
internal sealed class ScoreEndpoints(TaskCaller caller)
{
    public async ValueTask<InferenceFailure?> RerankAsync(TeiCall call)
    {
        if (!caller.Find(call.Model, TaskNames.Reranking).TryGetValue(out var model, out var failure)
            || !call.Body.Text("query").TryGetValue(out var query, out failure)
            || !call.Body.Texts("texts").TryGetValue(out var texts, out failure)
            || !call.Body.Flag("return_text", otherwise: false).TryGetValue(out var returns, out failure))
        {
            return failure;
        }

        var request = new TaskRequest { Outputs = [TaskNames.Score, TaskNames.Tokens] }
            .Add(TaskNames.Query, [query]).Add(TaskNames.Text, texts).With("raw_scores", call.Body.Field("raw_scores"));
        return TeiInputs.AddTruncation(request, call.Body)
            ?? await TeiReply.SendAsync(caller, call, model, request, query.Length + texts.Sum(text => text.Length), (json, reply) => WriteRanks(json, reply, returns ? texts : null));
    }

    public async ValueTask<InferenceFailure?> PredictAsync(TeiCall call)
    {
        if (!caller.Find(call.Model, TaskNames.TextClassification, TaskNames.ZeroShot).TryGetValue(out var model, out var failure)
            || !TeiInputs.Pairs(call.Body).TryGetValue(out var inputs, out failure)
            || !call.Body.Flag("raw_scores", otherwise: false).TryGetValue(out var raw, out failure))
        {
            return failure;
        }

        var request = new TaskRequest { Outputs = [TaskNames.Label, TaskNames.Score, TaskNames.Tokens] }.Add(TaskNames.Text, inputs.Texts);
        if (inputs.Pairs is { } pairs)
        {
            request.Add(TaskNames.TextPair, pairs);
        }

        if (raw)
        {
            request.With("function_to_apply", "none");
        }

        return TeiInputs.AddTruncation(request, call.Body)
            ?? await TeiReply.SendAsync(caller, call, model, request, inputs.Texts.Sum(text => text.Length), (json, reply) => WriteClasses(json, reply, inputs.IsBatch));
    }

    private static void WriteRanks(Utf8JsonWriter json, TaskReply reply, string[]? texts)
    {
        var scores = reply.Floats(TaskNames.Score).ToArray();
        json.WriteStartArray();
        foreach (var index in Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]))
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            if (texts is not null)
            {
                json.WriteString("text", texts[index]);
            }

            json.WritePropertyName("score");
            TaskJson.WriteNumber(json, scores[index]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteClasses(Utf8JsonWriter json, TaskReply reply, bool isBatch)
    {
        var labels = reply.Texts(TaskNames.Label);
        var scores = reply.Floats(TaskNames.Score);
        var width = labels.Length / reply.Rows;
        if (isBatch)
        {
            json.WriteStartArray();
        }

        for (var row = 0; row < reply.Rows; row++)
        {
            json.WriteStartArray();
            for (var i = row * width; i < (row * width) + reply.CountClasses(row); i++)
            {
                json.WriteStartObject();
                json.WritePropertyName("score");
                TaskJson.WriteNumber(json, scores[i]);
                json.WriteString("label", labels[i]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (isBatch)
        {
            json.WriteEndArray();
        }
    }
}
