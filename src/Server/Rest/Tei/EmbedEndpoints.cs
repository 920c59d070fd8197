using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary><c>/embed</c>, <c>/embed_all</c> and <c>/similarity</c>.</summary>
internal sealed class EmbedEndpoints(TaskCaller caller)
{
    public ValueTask<InferenceFailure?> EmbedAsync(TeiCall call) => VectorsAsync(call, TaskNames.Vector, WriteVectors);

    public ValueTask<InferenceFailure?> EmbedAllAsync(TeiCall call) => VectorsAsync(call, TaskNames.TokenVectors, WriteTokenVectors);

    /// <summary>The cosine between a sentence and each of others.</summary>
    public async ValueTask<InferenceFailure?> SimilarityAsync(TeiCall call)
    {
        var inputs = call.Body.Field("inputs") ?? default;
        if (!caller.Find(call.Model, TaskNames.Embedding).TryGetValue(out var model, out var failure)
            || !inputs.Text("source_sentence").TryGetValue(out var source, out failure)
            || !inputs.Texts("sentences").TryGetValue(out var sentences, out failure))
        {
            return failure;
        }

        var parameters = call.Body.Field("parameters") ?? default;
        var request = new TaskRequest { Outputs = [TaskNames.Vector, TaskNames.Tokens] }
            .Add(TaskNames.Text, [source, .. sentences]).With("normalize", true).With("prompt_name", parameters.Field("prompt_name"));
        return TeiInputs.AddTruncation(request, parameters)
            ?? await SendAsync(call, model, request, [source, .. sentences], (json, reply) => TaskJson.WriteVector(json, Similarity.ToFirst(reply)));
    }

    private async ValueTask<InferenceFailure?> VectorsAsync(TeiCall call, string output, Action<Utf8JsonWriter, TaskReply> write)
    {
        if (!caller.Find(call.Model, TaskNames.Embedding).TryGetValue(out var model, out var failure)
            || !TeiInputs.Texts(call.Body, () => caller.Engine.GetTokenizer(model.Name, null)).TryGetValue(out var texts, out failure))
        {
            return failure;
        }

        var request = new TaskRequest { Outputs = [output, TaskNames.Tokens] }
            .Add(TaskNames.Text, texts)
            .With("prompt_name", call.Body.Field("prompt_name"))
            .With("dimensions", call.Body.Field("dimensions"));
        if (!call.Body.Flag("normalize", otherwise: true).TryGetValue(out var normalize, out failure))
        {
            return failure;
        }

        request.With("normalize", normalize);
        return TeiInputs.AddTruncation(request, call.Body) ?? await SendAsync(call, model, request, texts, write);
    }

    private async ValueTask<InferenceFailure?> SendAsync(TeiCall call, TaskModel model, TaskRequest request, string[] texts, Action<Utf8JsonWriter, TaskReply> write)
    {
        if (!(await caller.AskAsync(call.Context, model.Name, request, call.Received)).TryGetValue(out var reply, out var failure))
        {
            return failure;
        }

        using (reply)
        {
            TeiTimings.Set(call.Context, reply, caller.ProviderOf(model), texts.Sum(text => text.Length), reply.Longs(TaskNames.Tokens).ToArray().Sum(), caller.Since(call.Received));
            await JsonReply.SendAsync(call.Context, json => write(json, reply));
        }

        return null;
    }

    private static void WriteVectors(Utf8JsonWriter json, TaskReply reply)
    {
        var vectors = reply.Floats(TaskNames.Vector);
        var size = vectors.Length / reply.Rows;
        json.WriteStartArray();
        for (var row = 0; row < reply.Rows; row++)
        {
            TaskJson.WriteVector(json, vectors.Slice(row * size, size));
        }

        json.WriteEndArray();
    }

    private static void WriteTokenVectors(Utf8JsonWriter json, TaskReply reply)
    {
        var shape = reply.Of(TaskNames.TokenVectors).Shape;
        var (longest, size) = ((int)shape[1], (int)shape[2]);
        var vectors = reply.Floats(TaskNames.TokenVectors);
        var tokens = reply.Longs(TaskNames.Tokens);
        json.WriteStartArray();
        for (var row = 0; row < reply.Rows; row++)
        {
            json.WriteStartArray();
            for (var token = 0; token < tokens[row]; token++)
            {
                TaskJson.WriteVector(json, vectors.Slice(((row * longest) + token) * size, size));
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
