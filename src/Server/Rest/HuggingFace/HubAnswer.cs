using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.HuggingFace;

/// <summary>
/// Writes a task's answer as Hugging Face's pipelines do. Of most tasks a row is a list of objects with an output in each field; those
/// that look different are named here.
/// </summary>
internal static class HubAnswer
{
    /// <summary>Outputs that say how an answer is laid out, or that were not asked for.</summary>
    private static readonly string[] Layout = [TaskNames.Count, TaskNames.Tokens, "predicted_depth"];

    /// <summary>Tasks of which each row is one object, or one value.</summary>
    private static readonly string[] Single = [TaskNames.QuestionAnswering];

    /// <summary>The file that is the whole answer, such as a picture; null where the answer is JSON.</summary>
    public static OutputTensor? File(TaskReply reply, string task, bool isList) =>
        !isList && task is "image-to-image" or "depth-estimation" && reply.Outputs.FirstOrDefault(output => output.Type == ElementType.Bytes) is { Name: { } } file ? file : null;

    public static void Write(Utf8JsonWriter json, TaskReply reply, string task, HubRequest request)
    {
        if (request.IsSimilarity)
        {
            TaskJson.WriteVector(json, Similarity.ToFirst(reply));
            return;
        }

        if (HubTable.Fits(task))
        {
            HubTable.Write(json, reply, task);
            return;
        }

        // The client of text classification expects a list of lists also for one text.
        var wraps = request.IsList || task == TaskNames.TextClassification;
        if (wraps)
        {
            json.WriteStartArray();
        }

        for (var row = 0; row < reply.Rows; row++)
        {
            WriteRow(json, reply, task, row);
        }

        if (wraps)
        {
            json.WriteEndArray();
        }
    }

    private static void WriteRow(Utf8JsonWriter json, TaskReply reply, string task, int row)
    {
        switch (task)
        {
            case TaskNames.Embedding or "image-feature-extraction":
                WriteNumbers(json, reply.Of(TaskNames.Vector), row);
                break;
            case TaskNames.Reranking:
                TaskJson.WriteNumber(json, reply.Floats(TaskNames.Score)[row]);
                break;
            case TaskNames.Speech:
                SpokenText.Write(json, reply, row);
                break;
            default:
                WriteRecords(json, reply, task, row);
                break;
        }
    }

    private static void WriteRecords(Utf8JsonWriter json, TaskReply reply, string task, int row)
    {
        var fields = reply.Outputs.Where(output => !Layout.Contains(output.Name)).Select(output => new HubField(output, task, reply)).ToList();
        var width = fields.Max(field => field.Width);
        var count = reply.Has(TaskNames.Count) ? (int)reply.Longs(TaskNames.Count)[row] : reply.Has(TaskNames.Label) ? reply.CountClasses(row) : width;
        if (Single.Contains(task) && count <= 1)
        {
            WriteRecord(json, fields, row, 0, count);
            return;
        }

        json.WriteStartArray();
        for (var i = 0; i < count; i++)
        {
            WriteRecord(json, fields, row, i, count);
        }

        json.WriteEndArray();
    }

    private static void WriteRecord(Utf8JsonWriter json, List<HubField> fields, int row, int place, int count)
    {
        json.WriteStartObject();
        foreach (var field in fields)
        {
            json.WritePropertyName(field.Name);
            field.Write(json, row, count == 0 ? -1 : place);
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, OutputTensor tensor, int row)
    {
        var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.Data.Span);
        var size = (int)tensor.Shape[1];
        TaskJson.WriteVector(json, values.Slice(row * size, size));
    }
}
