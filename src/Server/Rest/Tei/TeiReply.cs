using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary>Asks a model and sends what it answered, with the times in the headers.</summary>
internal static class TeiReply
{
    /// <summary>Null, or why there was no answer.</summary>
    /// <param name="caller">The way to the engine.</param>
    /// <param name="call">The request.</param>
    /// <param name="model">The model that is asked.</param>
    /// <param name="request">What it is asked; the numbers of tokens among the wanted outputs.</param>
    /// <param name="characters">How long the texts are.</param>
    /// <param name="write">Writes the answer.</param>
    public static async ValueTask<InferenceFailure?> SendAsync(
        TaskCaller caller, TeiCall call, TaskModel model, TaskRequest request, int characters, Action<Utf8JsonWriter, TaskReply> write)
    {
        if (!(await caller.AskAsync(call.Context, model.Name, request, call.Received)).TryGetValue(out var reply, out var failure))
        {
            return failure;
        }

        using (reply)
        {
            TeiTimings.Set(call.Context, reply, caller.ProviderOf(model), characters, reply.Longs(TaskNames.Tokens).ToArray().Sum(), caller.Since(call.Received));
            await JsonReply.SendAsync(call.Context, json => write(json, reply));
        }

        return null;
    }
}
