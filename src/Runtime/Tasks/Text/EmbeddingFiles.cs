using System.Text.Json;
using Serving.Runtime.Configuration;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks.Finding;

namespace Serving.Runtime.Tasks.Text;

/// <summary>What the files of sentence-transformers say about a model.</summary>
/// <param name="Pooling">How the vectors of tokens become one.</param>
/// <param name="Normalize">Whether vectors are brought to a length of 1.</param>
/// <param name="Prompts">What is put before texts, by name.</param>
/// <param name="DefaultPrompt">The name of the prompt where a request gives none; null for none.</param>
internal sealed record EmbeddingFiles(string Pooling, bool Normalize, IReadOnlyDictionary<string, string> Prompts, string? DefaultPrompt)
{
    private const string Modules = "modules.json";
    private const string PoolingFile = "1_Pooling/config.json";
    private const string Settings = "config_sentence_transformers.json";

    /// <summary>Whether such files lie beside the graph.</summary>
    public static bool AreBeside(TaskMaterial material) => ((string[])[Modules, PoolingFile, Settings, "sentence_bert_config.json"]).Any(file => material.Files.Find(file) is not null);

    /// <exception cref="TaskException">The model has a layer outside of its graph.</exception>
    public static EmbeddingFiles Read(TaskMaterial material)
    {
        var modules = material.Files.ReadJson(Modules).AsList().Select(module => module.Field("type").AsText() ?? "").ToList();
        if (modules.Any(type => type.EndsWith(".Dense", StringComparison.Ordinal)) && material.Output("sentence_embedding") is null)
        {
            throw new TaskException($"{Modules} has a Dense layer, whose weights are not in the graph; export it with the layer, with an output 'sentence_embedding'");
        }

        var settings = material.Files.ReadJson(Settings);
        return new EmbeddingFiles(
            ReadPooling(material.Files.ReadJson(PoolingFile)),
            modules.Any(type => type.EndsWith(".Normalize", StringComparison.Ordinal)),
            ReadPrompts(settings.Field("prompts")),
            settings.Field("default_prompt_name").AsText());
    }

    /// <summary>The texts as the model reads them; fails where the prompt is unknown.</summary>
    public Outcome<string[]> AddPrompt(string[] texts, TaskSettings settings)
    {
        var prompt = settings.Get(EmbeddingOptions.Prompt);
        if (prompt is null && (settings.Get(EmbeddingOptions.PromptName) ?? DefaultPrompt) is { } name && !Prompts.TryGetValue(name, out prompt))
        {
            var known = Prompts.Count == 0 ? "the model has none" : NearestName.Suggest(name, [.. Prompts.Keys]);
            return InferenceFailure.InvalidInput($"parameter '{EmbeddingOptions.PromptName.Name}': there is no prompt '{name}'; {known}");
        }

        return string.IsNullOrEmpty(prompt) ? texts : Array.ConvertAll(texts, text => prompt + text);
    }

    private static string ReadPooling(JsonElement? config)
    {
        (string Key, string Mode)[] keys =
        [
            ("pooling_mode_cls_token", "cls"), ("pooling_mode_max_tokens", "max"), ("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len"),
            ("pooling_mode_weightedmean_tokens", "weighted_mean"), ("pooling_mode_lasttoken", "last_token"), ("pooling_mode_mean_tokens", "mean"),
        ];
        string[] chosen = [.. keys.Where(key => config.Field(key.Key).AsFlag() == true).Select(key => key.Mode)];
        return chosen.Length <= 1
            ? chosen.FirstOrDefault("mean")
            : throw new TaskException($"{PoolingFile} puts {string.Join(", ", chosen)} side by side, which is not supported; name one with task.pooling");
    }

    private static Dictionary<string, string> ReadPrompts(JsonElement? prompts) => prompts is not { ValueKind: JsonValueKind.Object } map
        ? []
        : map.EnumerateObject().DistinctBy(entry => entry.Name).ToDictionary(entry => entry.Name, entry => ((JsonElement?)entry.Value).AsText() ?? "");
}
