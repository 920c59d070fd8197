using Serving.Runtime.Inference;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary>
/// The routes of text-embeddings-inference. They name no model, and mean the only one that can answer or the default one; the same under
/// <c>/models/{model}</c> name it.
/// </summary>
internal static class TeiEndpoints
{
    public static IEndpointRouteBuilder MapTei(this IEndpointRouteBuilder routes, TaskCaller caller)
    {
        var embedding = new EmbedEndpoints(caller);
        var sparse = new SparseEndpoint(caller);
        var scoring = new ScoreEndpoints(caller);
        var tokens = new TokenEndpoints(caller);
        (string Route, Func<TeiCall, ValueTask<InferenceFailure?>> Answer)[] calls =
        [
            ("embed", embedding.EmbedAsync), ("embed_all", embedding.EmbedAllAsync), ("similarity", embedding.SimilarityAsync),
            ("embed_sparse", sparse.AnswerAsync),
            ("rerank", scoring.RerankAsync), ("predict", scoring.PredictAsync),
            ("tokenize", tokens.TokenizeAsync), ("decode", tokens.DecodeAsync),
        ];
        foreach (var (route, answer) in calls)
        {
            routes.MapPost("/" + route, context => InvokeAsync(context, caller, answer));
            routes.MapPost("/models/{model}/" + route, context => InvokeAsync(context, caller, answer));
        }

        var root = new RootEndpoint(caller, embedding, sparse, scoring);
        routes.MapPost("/", context => InvokeAsync(context, caller, root.AnswerAsync));
        var info = new InfoEndpoint(caller);
        routes.MapGet("/info", info.InvokeAsync);
        routes.MapGet("/models/{model}/info", info.InvokeAsync);
        return routes;
    }

    private static async Task InvokeAsync(HttpContext context, TaskCaller caller, Func<TeiCall, ValueTask<InferenceFailure?>> answer)
    {
        var received = caller.Now;
        var failure = (await caller.ReadJsonAsync(context)).TryGetValue(out var body, out var unreadable)
            ? await answer(new TeiCall(context, body, RouteNames.Find(context, "model"), received))
            : unreadable;
        if (failure is not null)
        {
            await TeiErrors.WriteAsync(context, failure);
        }
    }
}
