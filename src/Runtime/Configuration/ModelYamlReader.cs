using System.Collections.Immutable;
using Serving.Runtime.Configuration.Yaml;

namespace Serving.Runtime.Configuration;

/// <summary>Reads model.yaml.</summary>
internal sealed class ModelYamlReader
{
    private readonly ConfigErrors _errors = new();
    private readonly YamlValueReader _values;

    private ModelYamlReader() => _values = new YamlValueReader(_errors);

    /// <summary>What the text says.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">The file, for messages.</param>
    /// <exception cref="ConfigException">Something is wrong; it carries everything that is.</exception>
    public static ModelConfig Read(string text, string file)
    {
        var reader = new ModelYamlReader();
        var root = YamlTreeReader.Read(text, reader._errors);
        var config = root is null or YamlNode.Scalar { IsNull: true } ? ModelConfig.Empty : reader.ReadRoot(root);
        reader._errors.ThrowIfAny(file);
        return config with { Source = file };
    }

    private ModelConfig ReadRoot(YamlNode root)
    {
        var config = ModelConfig.Empty;
        foreach (var (key, node) in _values.Section(root, ""))
        {
            config = Apply(config, key, node);
        }

        return config;
    }

    private ModelConfig Apply(ModelConfig config, string key, YamlNode node) => key switch
    {
        "file" => config with { File = ReadFile(node) },
        "versions" => config with { Versions = new VersionsReader(_values).Read(node) },
        "labels" => config with { VersionLabels = new VersionLabelsReader(_values).Read(node) },
        "max_batch_rows" => config with { MaxBatchRows = (int?)_values.Integer(node, key, 1, ConfigLimits.MaxBatchRows) },
        "max_batch_tokens" => config with { MaxBatchTokens = _values.Integer(node, key, 1, ConfigLimits.MaxBatchTokens) },
        "latency_objective" => config with { LatencyObjective = _values.Duration(node, key) },
        "queue" => ReadQueue(config, _values.Section(node, key)),
        "axes" => config with { Axes = new AxesReader(_values).Read(node) },
        "padding" => config with { Padding = new PaddingReader(_values).Read(node) },
        "providers" => config with { Providers = new ProvidersReader(_values).Read(node) },
        "intra_op_threads" => config with { IntraOpThreads = (int?)_values.Integer(node, key, 1, ConfigLimits.MaxThreads) },
        "optimization" => ReadOptimization(config, _values.Section(node, key)),
        "warmup" => ReadWarmup(config, _values.Section(node, key)),
        "outputs" => config with { Labels = new OutputsReader(_values).Read(node) },
        "custom_ops" => config with { CustomOps = ReadCustomOps(node) },
        "task" => config with { Task = new TaskReader(_values).Read(node) },
        "cache" => config with { Cache = ReadCache(node) },
        "steps" => config with { Steps = new StepsReader(_values).Read(node) },
        "results" => config with { Results = [.. _values.List(node, key, "a list of tensors").Select((item, i) => _values.Text(item, $"{key}[{i}]", "a tensor's name")).OfType<string>()] },
        "config" => config with { SessionEntries = _values.Options(node, key) },
        _ => throw new InvalidOperationException($"The key '{key}' is listed as supported, but nothing reads it."),
    };

    private string? ReadFile(YamlNode node)
    {
        var name = _values.Text(node, "file", "a file name such as model.onnx");
        if (name is not null && ConfigLimits.CheckFile(name) is { } why)
        {
            _values.Note(node, "file", $"{node.Describe()} is not allowed; {why}");
        }

        return name;
    }

    private CacheConfig? ReadCache(YamlNode node)
    {
        if (node is YamlNode.Scalar { Value: "true" or "false" } flag)
        {
            return flag.Value == "true" ? new CacheConfig(CacheConfig.DefaultBytes) : null;
        }

        return _values.Section(node, "cache").TryGetValue("max_bytes", out var bytes)
            ? new CacheConfig(_values.Integer(bytes, "cache.max_bytes", 1024, ConfigLimits.MaxCacheBytes) ?? CacheConfig.DefaultBytes)
            : new CacheConfig(CacheConfig.DefaultBytes);
    }

    private ModelConfig ReadQueue(ModelConfig config, IReadOnlyDictionary<string, YamlNode> section)
    {
        if (section.TryGetValue("max_rows", out var rows))
        {
            config = config with { MaxQueueRows = (int?)_values.Integer(rows, "queue.max_rows", 1, ConfigLimits.MaxQueueRows) };
        }

        return section.TryGetValue("timeout", out var timeout)
            ? config with { QueueTimeout = _values.Duration(timeout, "queue.timeout") }
            : config;
    }

    private ModelConfig ReadOptimization(ModelConfig config, IReadOnlyDictionary<string, YamlNode> section)
    {
        if (!section.TryGetValue("level", out var node))
        {
            return config;
        }

        OptimizationLevel? level = (node as YamlNode.Scalar)?.Value switch
        {
            "none" => OptimizationLevel.None,
            "basic" => OptimizationLevel.Basic,
            "extended" => OptimizationLevel.Extended,
            "all" => OptimizationLevel.All,
            _ => null,
        };

        if (level is null)
        {
            _values.Refuse(node, "optimization.level", "none, basic, extended or all");
        }

        return config with { Optimization = level };
    }

    private ModelConfig ReadWarmup(ModelConfig config, IReadOnlyDictionary<string, YamlNode> section) =>
        section.TryGetValue("shapes", out var shapes)
            ? config with { WarmupShapes = new WarmupReader(_values).Read(shapes) }
            : config;

    private ImmutableArray<string> ReadCustomOps(YamlNode node)
    {
        var items = _values.List(node, "custom_ops", "a list of library files such as [libops.so]");
        return [.. items.Select((item, i) => _values.Text(item, $"custom_ops[{i}]", "a library's file name")).OfType<string>()];
    }
}
