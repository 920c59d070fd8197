using System.Collections.Frozen;

namespace Serving.Server.Rest.OpenApi;

/// <summary>Every REST route, described. A test compares them with those that are mapped.</summary>
internal static class RouteDescriptions
{
    private const string TeiTag = "text-embeddings-inference";
    private const string HubTag = "Hugging Face inference";

    /// <summary>Paths that name a version, or a label, are the same call as those that leave it to the server.</summary>
    private static readonly string[] Versions = ["/versions/{version}", "/labels/{label}"];

    private static readonly FrozenDictionary<string, RouteDescription> ByRoute = new Dictionary<string, RouteDescription>
    {
        ["GET /v2"] = new("server", "Name, version and extensions of the server", Response: "ServerMetadata"),
        ["GET /v2/health/live"] = new("server", "Whether the process answers", Response: "Health"),
        ["GET /v2/health/ready"] = new("server", "Whether requests are taken; 400 where not", Response: "Health"),
        ["GET /livez"] = new("server", "Whether the process answers", Response: "Health"),
        ["GET /readyz"] = new("server", "Whether requests are taken; 503 where not", Response: "Health"),
        ["GET /openapi.json"] = new("server", "This document", Response: "Object"),
        ["GET /v2/models/{model}"] = new("models", "Inputs, outputs and versions", Response: "ModelMetadata"),
        ["GET /v2/models/{model}/ready"] = new("models", "Whether the model takes requests; 400 where not", Response: "ModelReady"),
        ["GET /v2/models/{model}/status"] = new("models", "Provider, batching and its evidence, warnings", Response: "List"),
        ["GET /v2/models/{model}/costs"] = new("models", "What runs have been seen to take, by rows and length", Response: "Object"),
        ["POST /v2/models/{model}/infer"] = new("models", "Inference", "InferRequest", "InferResponse"),
        ["POST /v2/repository/index"] = new("repository", "Every model version with its state", "IndexRequest", "Index"),
        ["POST /v2/repository/models/{model}/load"] = new("repository", "Loads or reloads a model", "Object"),
        ["POST /v2/repository/models/{model}/unload"] = new("repository", "Takes a model out of service", "Object"),
        ["GET /v2/models/{model}/config"] = new("models", "The configuration, as Triton prints it", Response: "Object"),
        ["GET /v2/models/{model}/stats"] = new("models", "Statistics", Response: "Object"),
        ["GET /v2/models/stats"] = new("models", "Statistics of all models", Response: "Object"),
        ["GET /v2/models"] = new("models", "The names of the models that are ready", Response: "Object"),
        ["POST /v2/models/{model}/generate"] = new("models", "Inference with plain keys for inputs and outputs", "Object", "Object"),
        ["POST /v2/models/{model}/generate_stream"] = new("models", "As generate, answered as server-sent events", "Object"),
        ["GET /v2/systemsharedmemory/status"] = new("shared memory", "Every registered region", Response: "List"),
        ["GET /v2/systemsharedmemory/region/{region}/status"] = new("shared memory", "One region", Response: "List"),
        ["POST /v2/systemsharedmemory/region/{region}/register"] = new("shared memory", "Registers a region", "Object"),
        ["POST /v2/systemsharedmemory/region/{region}/unregister"] = new("shared memory", "Forgets a region", "Object"),
        ["POST /v2/systemsharedmemory/unregister"] = new("shared memory", "Forgets every region", "Object"),
        ["GET /v2/cudasharedmemory/status"] = new("shared memory", "An empty list", Response: "List"),
        ["GET /v2/cudasharedmemory/region/{region}/status"] = new("shared memory", "404: there are none", Response: "List"),
        ["POST /v2/cudasharedmemory/region/{region}/register"] = new("shared memory", "501: not offered", "Object"),
        ["POST /v2/cudasharedmemory/region/{region}/unregister"] = new("shared memory", "There is nothing to forget", "Object"),
        ["POST /v2/cudasharedmemory/unregister"] = new("shared memory", "There is nothing to forget", "Object"),
        ["GET /v2/trace/setting"] = new("settings", "The trace settings", Response: "Object"),
        ["POST /v2/trace/setting"] = new("settings", "Changes the trace settings", "Object", "Object"),
        ["GET /v2/models/{model}/trace/setting"] = new("settings", "A model's trace settings", Response: "Object"),
        ["POST /v2/models/{model}/trace/setting"] = new("settings", "Changes a model's trace settings", "Object", "Object"),
        ["GET /v2/logging"] = new("settings", "The log settings", Response: "Object"),
        ["POST /v2/logging"] = new("settings", "Changes the log settings", "Object", "Object"),
        ["GET /health"] = new("server", "Whether requests are taken; 503 where not", Response: "Health"),
        ["POST /v1/embeddings"] = new("OpenAI, Cohere", "Vectors of texts", "Object", "Object"),
        ["POST /v1/audio/transcriptions"] = new("OpenAI, Cohere", "What is said in a recording, a file of a form", "Object", "Object"),
        ["POST /v1/rerank"] = new("OpenAI, Cohere", "Which documents answer a query best", "Object", "Object"),
        ["POST /v2/rerank"] = new("OpenAI, Cohere", "Which documents answer a query best", "Object", "Object"),
        ["POST /embed"] = new(TeiTag, "Vectors of texts", "Object", "List"),
        ["POST /models/{model}/embed"] = new(TeiTag, "Vectors of texts", "Object", "List"),
        ["POST /embed_all"] = new(TeiTag, "Vectors of each token of texts", "Object", "List"),
        ["POST /models/{model}/embed_all"] = new(TeiTag, "Vectors of each token of texts", "Object", "List"),
        ["POST /embed_sparse"] = new(TeiTag, "Which tokens matter to texts, and how much", "Object", "List"),
        ["POST /models/{model}/embed_sparse"] = new(TeiTag, "Which tokens matter to texts, and how much", "Object", "List"),
        ["POST /similarity"] = new(TeiTag, "How near sentences are to one", "Object", "List"),
        ["POST /models/{model}/similarity"] = new(TeiTag, "How near sentences are to one", "Object", "List"),
        ["POST /rerank"] = new(TeiTag, "Which texts answer a query best", "Object", "List"),
        ["POST /models/{model}/rerank"] = new(TeiTag, "Which texts answer a query best", "Object", "List"),
        ["POST /predict"] = new(TeiTag, "Classes of texts", "Object", "List"),
        ["POST /models/{model}/predict"] = new(TeiTag, "Classes of texts", "Object", "List"),
        ["POST /tokenize"] = new(TeiTag, "A model's tokens of texts", "Object", "List"),
        ["POST /models/{model}/tokenize"] = new(TeiTag, "A model's tokens of texts", "Object", "List"),
        ["POST /decode"] = new(TeiTag, "The texts of tokens", "Object", "List"),
        ["POST /models/{model}/decode"] = new(TeiTag, "The texts of tokens", "Object", "List"),
        ["POST /"] = new(TeiTag, "What the model does, with the body of its kind's own route", "Object", "List"),
        ["GET /info"] = new(TeiTag, "What a model is and takes", Response: "Object"),
        ["GET /models/{model}/info"] = new(TeiTag, "What a model is and takes", Response: "Object"),
        ["POST /models/{model}"] = new(HubTag, "A task, asked with JSON or with a file as the body", "Object", "Object"),
        ["POST /models/{model}/pipeline/{task}"] = new(HubTag, "The same", "Object", "Object"),
        ["POST /pipeline/{task}/{model}"] = new(HubTag, "The same", "Object", "Object"),
        ["GET /"] = new("server", "Whether the process answers, as KServe V1 asks", Response: "Object"),
        ["GET /v1/models"] = new("TensorFlow Serving, KServe V1, OpenAI", "Every model", Response: "Object"),
        ["GET /v1/models/{model}"] = new("TensorFlow Serving, KServe V1, OpenAI", "A model, with the states of its versions", Response: "Object"),
        ["GET /v1/models/{model}/metadata"] = new("TensorFlow Serving, KServe V1, OpenAI", "Its signature", Response: "Object"),
        ["POST /v1/models/{model}"] = new("TensorFlow Serving, KServe V1, OpenAI", "Refused: a verb is missing", "Object"),
        ["POST /v1/models/{model}:predict"] = new("TensorFlow Serving, KServe V1, OpenAI", "Inference by rows or by columns", "PredictRequest", "Object"),
        ["POST /v1/models/{model}:classify"] = new("TensorFlow Serving, KServe V1, OpenAI", "Labels and scores of examples", "ExamplesRequest", "Object"),
        ["POST /v1/models/{model}:regress"] = new("TensorFlow Serving, KServe V1, OpenAI", "A value for each example", "ExamplesRequest", "Object"),
        ["POST /v1/models/{model}:explain"] = new("TensorFlow Serving, KServe V1, OpenAI", "501: not offered", "Object"),
        ["POST /v2/repository/{repository}/index"] = new("repository", "Refused: repositories have no names", "Object"),
        ["POST /v2/repository/{repository}/models/{model}/load"] = new("repository", "Refused: repositories have no names", "Object"),
        ["POST /v2/repository/{repository}/models/{model}/unload"] = new("repository", "Refused: repositories have no names", "Object"),
    }.ToFrozenDictionary();

    /// <summary>What a route is; null for one that is not described.</summary>
    public static RouteDescription? Find(string verb, string path) => ByRoute.GetValueOrDefault(
        $"{verb} {Versions.Aggregate(path, (shorter, part) => shorter.Replace(part, "", StringComparison.Ordinal))}");
}
