using System.Text.Json;
using System.Text.Unicode;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Hosting;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.Tasks;

/// <summary>What every dialect over tasks does: find the model, read the body, ask the engine.</summary>
/// <param name="engine">The engine.</param>
/// <param name="options">The host's settings.</param>
/// <param name="time">The clock of deadlines.</param>
internal sealed class TaskCaller(EngineDoor engine, ServingOptions options, TimeProvider time)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = JsonText.ReaderOptions.MaxDepth };

    /// <summary>When a request came.</summary>
    public long Now => time.GetTimestamp();

    public EngineDoor Engine => engine;

    /// <summary>How many rows of a model may wait.</summary>
    public int MostQueued => options.MaxQueueRows;

    /// <summary>How many rows a request may have.</summary>
    public int MostRows => TaskDetails.MostRows;

    /// <summary>The provider that runs a model's graph; empty where that is not known.</summary>
    public string ProviderOf(TaskModel model) =>
        engine.GetDetails(model.Name, null).TryGetValue(out var versions, out _) ? versions.LastOrDefault(version => version.Provider.Length > 0)?.Provider ?? "" : "";

    public TimeSpan Since(long received) => time.GetElapsedTime(received);

    /// <summary>The model of a name, whatever it does; fails where it is no task.</summary>
    public Outcome<TaskModel> Find(string model) =>
        !engine.GetMetadata(model, null).TryGetValue(out var metadata, out var failure) ? failure
        : metadata.Task is { } task ? new TaskModel(metadata.Name, task)
        : InferenceFailure.Unsupported($"model '{metadata.Name}' is served by its tensors, not as a task; ask it with POST /v2/models/{metadata.Name}/infer{SayWhere(metadata.Name)}");

    /// <summary>The model of a name that does one of these tasks; without a name, the only one that does, or the default model.</summary>
    public Outcome<TaskModel> Find(string? model, params IReadOnlyList<string> tasks)
    {
        if (model is not null)
        {
            return Find(model).TryGetValue(out var named, out var failure) && !tasks.Contains(named.Details.Name)
                ? InferenceFailure.InvalidInput($"model '{named.Name}' does {named.Details.Name}, expected one that does {string.Join(" or ", tasks)}")
                : failure is null ? named! : failure;
        }

        List<TaskModel> candidates =
        [
            .. from name in engine.GetIndex(true).Select(status => status.Name).Distinct(StringComparer.OrdinalIgnoreCase)
               let found = Find(name).TryGetValue(out var one, out _) ? one : null
               where found is not null && tasks.Contains(found.Details.Name)
               select found,
        ];
        var chosen = candidates is [var only] ? only : candidates.Find(one => string.Equals(one.Name, options.DefaultModel, StringComparison.OrdinalIgnoreCase));
        return chosen is not null ? chosen
            : candidates.Count == 0 ? InferenceFailure.NotFound($"no model that is ready does {string.Join(" or ", tasks)}")
            : InferenceFailure.InvalidInput(
                $"several models do {string.Join(" or ", tasks)}: {string.Join(", ", candidates.Select(one => one.Name))}; name one in the path, as /models/{candidates[0].Name}/..., or start the server with --default-model");
    }

    /// <summary>The body as it came; the caller disposes it.</summary>
    public ValueTask<Outcome<PooledBufferWriter>> ReadAsync(HttpContext context) => RequestBody.ReadAsync(context, options.MaxRequestBytes);

    /// <summary>The body as an object of JSON.</summary>
    public async ValueTask<Outcome<JsonElement>> ReadJsonAsync(HttpContext context)
    {
        if (!(await ReadAsync(context)).TryGetValue(out var body, out var failure))
        {
            return failure;
        }

        using (body)
        {
            return Parse(body.WrittenMemory);
        }
    }

    /// <summary>A body as an object of JSON, apart from the body's memory.</summary>
    public static Outcome<JsonElement> Parse(ReadOnlyMemory<byte> body)
    {
        // The parser checks no UTF-8, and texts that are none would throw when they are read.
        if (!Utf8.IsValid(body.Span))
        {
            return InferenceFailure.InvalidInput("the request's JSON is not valid UTF-8");
        }

        try
        {
            if (HasHalfPair(body.Span))
            {
                return InferenceFailure.InvalidInput("the request's JSON has half of a surrogate pair, which is no text");
            }

            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : InferenceFailure.InvalidInput("the request must be a JSON object");
        }
        catch (JsonException exception)
        {
            return InferenceFailure.InvalidInput($"the request is not valid JSON: {JsonText.DescribeMalformed(body.Span, exception)}");
        }
    }

    /// <summary>Where a model's files made it no task, its status says why; the reason has paths that are not every client's business.</summary>
    private string SayWhere(string model) =>
        engine.GetDetails(model, null).TryGetValue(out var versions, out _) && versions.Any(version => version.Warnings.Count > 0)
            ? $"; GET /v2/models/{model}/status says why"
            : "";

    /// <summary>Whether a text or a name is none: documents throw where they meet it, be it only on the way to another name.</summary>
    private static bool HasHalfPair(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, JsonText.ReaderOptions);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !JsonText.TryGetString(ref reader, out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Asks a model; the caller disposes the reply.</summary>
    public async ValueTask<Outcome<TaskReply>> AskAsync(HttpContext context, string model, TaskRequest request, long received)
    {
        if (!CallHeaders.Read(context.Request.Headers, options.TenantHeader).TryGetValue(out var headers, out var failure))
        {
            return failure;
        }

        var asked = new InferenceRequest
        {
            ModelName = model,
            Inputs = request.Inputs,
            Outputs = request.Outputs,
            Parameters = request.Parameters,
            Deadline = headers.Deadline(received, time),
            Received = received,
            Priority = headers.Priority,
            Tenant = headers.Tenant,
        };
        if (!(await engine.Infer(asked, context.RequestAborted)).TryGetValue(out var response, out failure))
        {
            return failure;
        }

        ServerTiming.Set(context, options.ServerTiming, response.Stages);
        return new TaskReply(response);
    }
}
