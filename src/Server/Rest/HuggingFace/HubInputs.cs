using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.HuggingFace;

/// <summary>Makes a task's inputs of <c>inputs</c> and <c>parameters</c>, which look different for each task.</summary>
internal static class HubInputs
{
    private const string Inputs = "inputs";

    /// <summary>Parameters of Hugging Face's pipelines under other names here.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["doc_stride"] = "stride", ["max_seq_len"] = "max_tokens", ["chunk_length_s"] = "chunk_seconds", ["stride_length_s"] = "stride_seconds",
    };

    /// <summary>Parameters that say how the library works and not what it answers.</summary>
    private static readonly string[] Ignored = ["max_question_len", "align_to_words", "return_all_scores", "batch_size", "padding"];

    /// <summary>A file as the only row, whatever the task's input is called.</summary>
    public static Outcome<HubRequest> OfFile(ReadOnlyMemory<byte> file, string input, string task) =>
        file.IsEmpty ? InferenceFailure.InvalidInput($"the body is empty, expected a file for the task {task}") : new HubRequest(new TaskRequest().Add(input, [file]), IsList: false);

    /// <summary>What JSON asks.</summary>
    /// <param name="body">The request.</param>
    /// <param name="model">The model that is asked.</param>
    /// <param name="file">The name of the task's input for files; null where it reads texts.</param>
    public static Outcome<HubRequest> OfJson(JsonElement body, TaskModel model, string? file)
    {
        if (body.Field(Inputs) is not { } inputs)
        {
            return InferenceFailure.InvalidInput($"'{Inputs}' is missing");
        }

        var read = model.Details.Name switch
        {
            _ when file is not null => Files(inputs, file),
            var task when HubTable.Fits(task) => HubTable.Read(inputs),
            TaskNames.QuestionAnswering => Objects(inputs, "question", "context"),
            TaskNames.Reranking => Query(inputs),
            TaskNames.Embedding when inputs.ValueKind == JsonValueKind.Object => Sentences(inputs),
            TaskNames.TextClassification or TaskNames.ZeroShot when inputs.ValueKind == JsonValueKind.Object => Objects(inputs, TaskNames.Text, TaskNames.TextPair),
            _ => Texts(inputs),
        };
        if (!read.TryGetValue(out var request, out var failure))
        {
            return failure;
        }

        if (body.Field("parameters") is { ValueKind: not JsonValueKind.Object })
        {
            return InferenceFailure.InvalidInput("'parameters' must be an object, such as {\"top_k\": 1}");
        }

        AddParameters(request.Request, body.Field("parameters"));
        return request;
    }

    private static void AddParameters(TaskRequest request, JsonElement? parameters)
    {
        foreach (var parameter in (parameters?.EnumerateObject() ?? default).Where(parameter => !Ignored.Contains(parameter.Name)))
        {
            if (parameter.Name is "truncate" or "truncation")
            {
                request.With("overflow", parameter.Value.ValueKind == JsonValueKind.False ? "refuse" : "truncate");
            }
            else if (parameter.Name == TaskNames.Timestamps && parameter.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                request.With(TaskNames.Timestamps, parameter.Value.ValueKind == JsonValueKind.True ? TaskNames.Word : "none");
            }
            else
            {
                request.With(Renamed.GetValueOrDefault(parameter.Name, parameter.Name), parameter.Value);
            }
        }
    }

    private static Outcome<HubRequest> Texts(JsonElement inputs)
    {
        if (inputs.AsText() is { } text)
        {
            return new HubRequest(new TaskRequest().Add(TaskNames.Text, [text]), IsList: false);
        }

        if (inputs.ValueKind != JsonValueKind.Array)
        {
            return InferenceFailure.InvalidInput($"'{Inputs}' must be a text, or a list of texts");
        }

        return JsonReading.TextList(inputs, Inputs).TryGetValue(out var texts, out var failure) ? new HubRequest(new TaskRequest().Add(TaskNames.Text, texts), IsList: true) : failure;
    }

    /// <summary>An object with a text under each of two names, or a list of such.</summary>
    private static Outcome<HubRequest> Objects(JsonElement inputs, string first, string second)
    {
        var isList = inputs.ValueKind == JsonValueKind.Array;
        var (firsts, seconds) = (new List<string>(), new List<string>());
        foreach (var item in isList ? inputs.EnumerateArray().ToArray() : [inputs])
        {
            if (!item.Text(first).TryGetValue(out var one, out var failure) || !item.Text(second).TryGetValue(out var other, out failure))
            {
                return failure with { Message = $"'{Inputs}': {failure.Message}" };
            }

            firsts.Add(one);
            seconds.Add(other);
        }

        return firsts.Count == 0
            ? InferenceFailure.InvalidInput($"'{Inputs}' must have at least one entry")
            : new HubRequest(new TaskRequest().Add(first, firsts).Add(second, seconds), isList);
    }

    private static Outcome<HubRequest> Query(JsonElement inputs) =>
        !inputs.Text(TaskNames.Query).TryGetValue(out var query, out var failure) || !inputs.Texts("texts").TryGetValue(out var texts, out failure)
            ? failure with { Message = $"'{Inputs}': {failure.Message}" }
            : new HubRequest(new TaskRequest().Add(TaskNames.Query, [query]).Add(TaskNames.Text, texts), IsList: true);

    private static Outcome<HubRequest> Sentences(JsonElement inputs) =>
        !inputs.Text("source_sentence").TryGetValue(out var source, out var failure) || !inputs.Texts("sentences").TryGetValue(out var sentences, out failure)
            ? failure with { Message = $"'{Inputs}': {failure.Message}" }
            : new HubRequest(new TaskRequest().Add(TaskNames.Text, [source, .. sentences]).With("normalize", true), IsList: true) { IsSimilarity = true };

    /// <summary>Files in base64, also as URLs with the data in them.</summary>
    private static Outcome<HubRequest> Files(JsonElement inputs, string input)
    {
        var isList = inputs.ValueKind == JsonValueKind.Array;
        var files = new List<ReadOnlyMemory<byte>>();
        foreach (var item in isList ? inputs.EnumerateArray().ToArray() : [inputs])
        {
            var text = item.AsText();
            var comma = text is not null && text.StartsWith("data:", StringComparison.Ordinal) ? text.IndexOf(',') : -1;
            try
            {
                files.Add(Convert.FromBase64String(text is null ? "?" : text[(comma + 1)..]));
            }
            catch (FormatException)
            {
                return InferenceFailure.InvalidInput($"'{Inputs}' must be a file in base64, or a list of such; the file itself can be the body, with its own Content-Type");
            }
        }

        return files.Count == 0 ? InferenceFailure.InvalidInput($"'{Inputs}' must have at least one entry") : new HubRequest(new TaskRequest().Add(input, files), isList);
    }
}
