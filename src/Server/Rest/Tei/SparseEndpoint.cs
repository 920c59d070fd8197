using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary><c>/embed_sparse</c>: which tokens of the vocabulary matter to a text, and how much.</summary>
internal sealed class SparseEndpoint(TaskCaller caller)
{
    public async ValueTask<InferenceFailure?> AnswerAsync(TeiCall call)
    {
        if (!caller.Find(call.Model, TaskNames.SparseEmbedding).TryGetValue(out var model, out var failure)
            || !TeiInputs.Texts(call.Body, () => caller.Engine.GetTokenizer(model.Name, null)).TryGetValue(out var texts, out failure))
        {
            return failure;
        }

        if (call.Body.Field("prompt_name") is not null)
        {
            return InferenceFailure.InvalidInput($"model '{model.Name}' has no prompts; leave 'prompt_name' out");
        }

        var request = new TaskRequest { Outputs = [TaskNames.Index, TaskNames.Value, TaskNames.Count, TaskNames.Tokens] }.Add(TaskNames.Text, texts);
        return TeiInputs.AddTruncation(request, call.Body) ?? await TeiReply.SendAsync(caller, call, model, request, texts.Sum(text => text.Length), Write);
    }

    private static void Write(Utf8JsonWriter json, TaskReply reply)
    {
        var width = (int)reply.Of(TaskNames.Index).Shape[1];
        var indices = reply.Longs(TaskNames.Index);
        var values = reply.Floats(TaskNames.Value);
        var counts = reply.Longs(TaskNames.Count);
        json.WriteStartArray();
        for (var row = 0; row < counts.Length; row++)
        {
            json.WriteStartArray();
            for (var i = row * width; i < (row * width) + counts[row]; i++)
            {
                json.WriteStartObject();
                json.WriteNumber("index", indices[i]);
                json.WritePropertyName("value");
                TaskJson.WriteNumber(json, values[i]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
