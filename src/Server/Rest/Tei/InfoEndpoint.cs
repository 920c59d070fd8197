using System.Globalization;
using System.Text.Json;
using Serving.Server.Hosting;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary><c>/info</c>: what a model is and takes.</summary>
internal sealed class InfoEndpoint(TaskCaller caller)
{
    public Task InvokeAsync(HttpContext context) =>
        caller.Find(RouteNames.Find(context, "model"), RootEndpoint.Tasks).TryGetValue(out var model, out var failure)
            ? JsonReply.SendAsync(context, json => Write(json, model))
            : TeiErrors.WriteAsync(context, failure);

    private void Write(Utf8JsonWriter json, TaskModel model)
    {
        var batching = caller.Engine.GetDetails(model.Name, null).TryGetValue(out var versions, out _) ? versions.LastOrDefault(version => version.Batching is not null)?.Batching : null;
        json.WriteStartObject();
        json.WriteString("model_id", model.Name);
        json.WriteNull("model_sha");
        json.WriteString("model_dtype", "float32");
        json.WriteStartObject("model_type");
        WriteType(json, model);
        json.WriteEndObject();
        json.WriteNumber("max_concurrent_requests", caller.MostQueued);
        json.WriteNumber("max_input_length", model.Details.MaxTokens ?? int.MaxValue);
        json.WriteNumber("max_batch_tokens", (long)(batching?.MaxRows ?? 1) * (model.Details.MaxTokens ?? 1));
        json.WriteNumber("max_batch_requests", batching?.MaxRows ?? 1);
        json.WriteNumber("max_client_batch_size", caller.MostRows);
        json.WriteBoolean("auto_truncate", false);
        json.WriteNumber("tokenization_workers", Environment.ProcessorCount);
        json.WriteString("version", ProductInfo.Version);
        json.WriteNull("sha");
        json.WriteNull("docker_label");
        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, TaskModel model)
    {
        if (model.Details.Name is TaskNames.Embedding or TaskNames.SparseEmbedding)
        {
            json.WriteStartObject("embedding");
            json.WriteString("pooling", model.Details.Pooling);
            json.WriteEndObject();
            return;
        }

        json.WriteStartObject(model.Details.Name == TaskNames.Reranking ? "reranker" : "classifier");
        json.WriteStartObject("id2label");
        for (var i = 0; i < model.Details.Labels.Count; i++)
        {
            json.WriteString(i.ToString(CultureInfo.InvariantCulture), model.Details.Labels[i]);
        }

        json.WriteEndObject();
        json.WriteStartObject("label2id");
        foreach (var (label, i) in model.Details.Labels.Select((label, i) => (label, i)).DistinctBy(pair => pair.label))
        {
            json.WriteNumber(label, i);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
