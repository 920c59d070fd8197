using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.OpenAi;

/// <summary><c>POST /v1/rerank</c> and <c>/v2/rerank</c> as Cohere and Jina have it: which documents answer a query best.</summary>
internal sealed class RerankEndpoint(TaskCaller caller)
{
    /// <summary>Answers a request; or says why not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">Its JSON.</param>
    /// <param name="received">When it came.</param>
    public async ValueTask<InferenceFailure?> AnswerAsync(HttpContext context, JsonElement body, long received)
    {
        if (!caller.Find(body.Field("model")?.AsText(), TaskNames.Reranking).TryGetValue(out var model, out var failure)
            || !body.Text("query").TryGetValue(out var query, out failure)
            || !ReadDocuments(body).TryGetValue(out var documents, out failure)
            || !ReadCount(body, documents.Length).TryGetValue(out var most, out failure)
            || !body.Flag("return_documents", false).TryGetValue(out var returns, out failure))
        {
            return failure;
        }

        var request = new TaskRequest { Outputs = [TaskNames.Score, TaskNames.Tokens] }.Add(TaskNames.Query, [query]).Add(TaskNames.Text, documents);
        if (!(await caller.AskAsync(context, model.Name, request, received)).TryGetValue(out var reply, out failure))
        {
            return failure;
        }

        using (reply)
        {
            await JsonReply.SendAsync(context, json => Write(json, reply, model.Name, most, returns ? documents : null));
        }

        return null;
    }

    /// <summary>Texts, or objects with a text.</summary>
    private static Outcome<string[]> ReadDocuments(JsonElement body)
    {
        if (body.Field("documents") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            return InferenceFailure.InvalidInput("'documents' must be a list with at least one document");
        }

        var documents = new string[list.GetArrayLength()];
        for (var i = 0; i < documents.Length; i++)
        {
            if ((list[i].AsText() ?? list[i].Field("text")?.AsText()) is not { } text)
            {
                return InferenceFailure.InvalidInput($"'documents[{i}]' must be a text, or an object with a 'text'");
            }

            documents[i] = text;
        }

        return documents;
    }

    private static Outcome<int> ReadCount(JsonElement body, int all) => body.Field("top_n") switch
    {
        null => all,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var count) && count > 0 => Math.Min(count, all),
        _ => InferenceFailure.InvalidInput("'top_n' must be a whole number, at least 1"),
    };

    private static void Write(Utf8JsonWriter json, TaskReply reply, string model, int most, string[]? documents)
    {
        var scores = reply.Floats(TaskNames.Score).ToArray();
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteStartArray("results");
        foreach (var index in Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Take(most))
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WritePropertyName("relevance_score");
            TaskJson.WriteNumber(json, scores[index]);
            if (documents is not null)
            {
                json.WriteStartObject("document");
                json.WriteString("text", documents[index]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("usage");
        json.WriteNumber("total_tokens", reply.Longs(TaskNames.Tokens).ToArray().Sum());
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
