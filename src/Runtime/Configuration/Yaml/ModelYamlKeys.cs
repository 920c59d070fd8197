namespace Serving.Runtime.Configuration.Yaml;

/// <summary>The keys of model.yaml, each with the keys that it lies under. <c>docs/model-repository.md</c> lists the same.</summary>
internal static class ModelYamlKeys
{
    /// <summary>Keys that are read.</summary>
    public static IReadOnlyList<string> Supported { get; } =
    [
        "file",
        "versions", "versions.latest", "versions.specific",
        "labels",
        "max_batch_rows", "max_batch_tokens", "latency_objective",
        "queue", "queue.max_rows", "queue.timeout",
        "axes",
        "padding",
        "providers",
        "intra_op_threads",
        "optimization", "optimization.level",
        "warmup", "warmup.shapes",
        "outputs", "outputs.NAME.labels",
        "custom_ops",
        "config",
        "task", "task.name",
        "cache", "cache.max_bytes",
        "steps", "steps.model", "steps.version", "steps.inputs", "steps.outputs", "steps.parameters", "steps.for_each",
        "steps.when", "steps.when.tensor", "steps.when.above", "steps.when.below", "steps.otherwise",
        "results",
    ];

    /// <summary>
    /// Keys with a meaning that this version does not implement. They are refused, because ignoring them would change answers unseen.
    /// </summary>
    public static IReadOnlyList<string> Unsupported { get; } =
    [
        "sessions", "optimization.precision", "warmup.files",
        "state",
    ];

    /// <summary>The keys that are read directly under <paramref name="section"/>; under the root where it is empty.</summary>
    public static IReadOnlyList<string> Under(string section)
    {
        var prefix = section.Length == 0 ? "" : section + ".";
        var inside = Supported.Where(k => k.StartsWith(prefix, StringComparison.Ordinal));
        return [.. inside.Select(k => k[prefix.Length..]).Where(k => !k.Contains('.'))];
    }
}
