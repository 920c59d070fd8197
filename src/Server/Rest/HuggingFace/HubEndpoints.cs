using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.HuggingFace;

/// <summary>
/// <c>POST /models/{model}</c>: Hugging Face's inference, with JSON (<c>inputs</c>, <c>parameters</c>) or, where a task reads files, with
/// the file itself as the body. The longer paths that its clients make name the same model.
/// </summary>
internal sealed class HubEndpoints(TaskCaller caller)
{
    /// <summary>How the types of bodies begin that are files.</summary>
    private static readonly string[] Files = ["image/", "audio/", "video/"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/models/{model}", InvokeAsync);
        routes.MapPost("/models/{model}/pipeline/{task}", InvokeAsync);
        routes.MapPost("/pipeline/{task}/{model}", InvokeAsync);
    }

    private async Task InvokeAsync(HttpContext context)
    {
        var received = caller.Now;
        var failure = await AnswerAsync(context, received);
        if (failure is not null)
        {
            await ErrorResponse.WriteAsync(context, failure);
        }
    }

    private async ValueTask<InferenceFailure?> AnswerAsync(HttpContext context, long received)
    {
        if (!caller.Find(RouteNames.Find(context, "model") ?? "").TryGetValue(out var model, out var failure)
            || !(await caller.ReadAsync(context)).TryGetValue(out var body, out failure))
        {
            return failure;
        }

        using (body)
        {
            if (!Read(context, body.WrittenMemory, model).TryGetValue(out var request, out failure)
                || !(await caller.AskAsync(context, model.Name, request.Request, received)).TryGetValue(out var reply, out failure))
            {
                return failure;
            }

            using (reply)
            {
                await SendAsync(context, reply, model, request);
            }
        }

        return null;
    }

    private Outcome<HubRequest> Read(HttpContext context, ReadOnlyMemory<byte> body, TaskModel model)
    {
        var file = FileInput(model.Name);
        var isJson = context.Request.ContentType?.StartsWith(MediaTypes.Json, StringComparison.OrdinalIgnoreCase) ?? file is null;
        if (file is not null && !isJson)
        {
            return HubInputs.OfFile(body, file, model.Details.Name);
        }

        if (file is null && Files.FirstOrDefault(kind => context.Request.ContentType?.StartsWith(kind, StringComparison.OrdinalIgnoreCase) == true) is not null)
        {
            return InferenceFailure.InvalidInput(
                $"the body is of the type '{context.Request.ContentType}', and model '{model.Name}' does {model.Details.Name}, which reads no files; expected JSON with 'inputs'");
        }

        return TaskCaller.Parse(body).TryGetValue(out var json, out var failure) ? HubInputs.OfJson(json, model, file) : failure;
    }

    /// <summary>The input that takes a file; null where the task reads texts.</summary>
    private string? FileInput(string model) =>
        caller.Engine.GetMetadata(model, null).TryGetValue(out var metadata, out _)
            ? metadata.Inputs.FirstOrDefault(input => input.Type == ElementType.Bytes && input.Name is "image" or "audio" or "video")?.Name
            : null;

    private static Task SendAsync(HttpContext context, TaskReply reply, TaskModel model, HubRequest request)
    {
        if (HubAnswer.File(reply, model.Details.Name, request.IsList) is { } file)
        {
            var bytes = reply.Bytes(file.Name)[0];
            context.Response.ContentType = "image/png";
            context.Response.ContentLength = bytes.Length;
            return context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted).AsTask();
        }

        return JsonReply.SendAsync(context, json => HubAnswer.Write(json, reply, model.Details.Name, request));
    }
}
