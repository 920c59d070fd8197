using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.OpenAi.Speech;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.OpenAi;

/// <summary>What OpenAI's and Cohere's clients call; the list of models is a path that they share with others.</summary>
internal static class OpenAiEndpoints
{
    public static IEndpointRouteBuilder MapOpenAi(this IEndpointRouteBuilder routes, TaskCaller caller)
    {
        var embeddings = new EmbeddingsEndpoint(caller);
        var rerank = new RerankEndpoint(caller);
        (string Route, Func<HttpContext, JsonElement, long, ValueTask<InferenceFailure?>> Answer)[] calls =
            [("/v1/embeddings", embeddings.AnswerAsync), ("/v1/rerank", rerank.AnswerAsync), ("/v2/rerank", rerank.AnswerAsync)];
        foreach (var (route, answer) in calls)
        {
            routes.MapPost(route, context => InvokeAsync(context, caller, answer));
        }

        routes.MapPost("/v1/audio/transcriptions", new TranscriptionsEndpoint(caller).InvokeAsync);
        return routes;
    }

    private static async Task InvokeAsync(HttpContext context, TaskCaller caller, Func<HttpContext, JsonElement, long, ValueTask<InferenceFailure?>> answer)
    {
        var received = caller.Now;
        var failure = (await caller.ReadJsonAsync(context)).TryGetValue(out var body, out var unreadable) ? await answer(context, body, received) : unreadable;
        if (failure is not null)
        {
            await OpenAiErrors.WriteAsync(context, failure);
        }
    }
}
