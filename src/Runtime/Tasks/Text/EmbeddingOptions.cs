using Serving.Runtime.Tasks.Options;

namespace Serving.Runtime.Tasks.Text;

/// <summary>What users of embeddings can choose.</summary>
internal static class EmbeddingOptions
{
    public static FlagOption Normalize { get; } = new("normalize", "Whether vectors are brought to a length of 1. Default: whether the model's modules.json says so.");

    public static CountOption Dimensions { get; } = new("dimensions", "How many numbers of each vector are kept, the first ones, for models that were trained so. Default: all.", 1, 1 << 20);

    public static TextOption PromptName { get; } = new("prompt_name", "Which of the model's prompts is put before each text. Default: the one that its files name, or none.");

    public static TextOption Prompt { get; } = new("prompt", "What is put before each text, whatever the model's prompts are.");

    public static ChoiceOption Pooling { get; } = new(
        "pooling", "How the vectors of tokens become one. Default: what 1_Pooling/config.json says, or mean.", PoolingModes.Names) { IsPerRequest = false };

    public static IReadOnlyList<TaskOption> All { get; } = [Normalize, Dimensions, PromptName, Prompt, Pooling];
}
