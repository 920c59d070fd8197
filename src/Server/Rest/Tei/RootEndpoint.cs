using Serving.Runtime.Inference;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary><c>POST /</c>: what the model does, whichever of its kinds that is. Its body is that of the kind's own route.</summary>
internal sealed class RootEndpoint(TaskCaller caller, EmbedEndpoints embedding, SparseEndpoint sparse, ScoreEndpoints scoring)
{
    /// <summary>The tasks that text-embeddings-inference knows.</summary>
    public static readonly string[] Tasks = [TaskNames.Embedding, TaskNames.SparseEmbedding, TaskNames.Reranking, TaskNames.TextClassification, TaskNames.ZeroShot];

    public async ValueTask<InferenceFailure?> AnswerAsync(TeiCall call)
    {
        if (!caller.Find(call.Model, Tasks).TryGetValue(out var model, out var failure))
        {
            return failure;
        }

        var named = call with { Model = model.Name };
        return model.Details.Name switch
        {
            TaskNames.Embedding => await embedding.EmbedAsync(named),
            TaskNames.SparseEmbedding => await sparse.AnswerAsync(named),
            TaskNames.Reranking => await scoring.RerankAsync(named),
            _ => await scoring.PredictAsync(named),
        };
    }
}
