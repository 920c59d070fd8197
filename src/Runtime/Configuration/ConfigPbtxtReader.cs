using System.Collections.Immutable;
using Serving.Runtime.Configuration.Pbtxt;

namespace Serving.Runtime.Configuration;

/// <summary>
/// Reads Triton's config.pbtxt. What the fields mean here is in <c>docs/model-repository.md</c>: most that concern an ONNX model are used;
/// those that only tune Triton become warnings; those that would change answers are errors.
/// </summary>
internal sealed class ConfigPbtxtReader
{
    private readonly TritonNotes _notes = new();
    private readonly PbtxtNode.Message _root;

    private ConfigPbtxtReader(PbtxtNode.Message root) => _root = root;

    /// <summary>What the text says.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="expectedName">The name that the model has by its folder, which <c>name</c> must repeat; null where any will do.</param>
    /// <exception cref="ConfigException">Something is wrong. It carries everything that is, except that a syntax error ends the reading.</exception>
    public static ModelConfig Read(string text, string file, string? expectedName = null) => Read(PbtxtParser.Parse, text, file, expectedName);

    /// <summary>What the same configuration says, written as JSON.</summary>
    /// <inheritdoc cref="Read(string, string, string?)"/>
    public static ModelConfig ReadJson(string text, string file, string? expectedName = null) => Read(TritonJsonParser.Parse, text, file, expectedName);

    private static ModelConfig Read(Func<string, PbtxtNode.Message> parse, string text, string file, string? expectedName)
    {
        ConfigPbtxtReader reader;
        try
        {
            reader = new ConfigPbtxtReader(parse(text));
        }
        catch (PbtxtSyntaxException error)
        {
            throw new ConfigException(file, [ConfigErrors.OneLine($"line {error.At.Line}, column {error.At.Column}: {error.Message}")]);
        }

        var config = reader.ReadRoot(expectedName);
        reader._notes.Errors.ThrowIfAny(file);
        return config with { Source = file, Warnings = reader._notes.Warnings };
    }

    private ModelConfig ReadRoot(string? expectedName)
    {
        new TritonFieldChecker(_notes).Check(_root);
        CheckName(expectedName);
        var steps = new TritonStepsReader(_notes).Read(_root);
        CheckOneOf("platform", steps.IsEmpty ? "onnxruntime_onnx" : "ensemble");
        CheckOneOf("backend", "onnxruntime");

        var batchSize = PbtxtValues.Integer(_root.One("max_batch_size"));
        var hasBatchAxis = batchSize > 0;
        var tensors = new TritonTensorReader(_notes, hasBatchAxis);
        var parameters = new TritonParameters(_notes);
        var config = parameters.Read(_root, new TritonBatchingReader(_notes).Read(_root, ModelConfig.Empty));
        return config with
        {
            File = ReadFile(),
            Versions = new TritonVersionsReader(_notes).Read(_root),
            Inputs = tensors.Read(_root, "input"),
            Outputs = tensors.Read(_root, "output"),
            Labels = new TritonLabelsReader(_notes).Read(_root),
            BatchesFirstAxis = batchSize is null ? null : hasBatchAxis,
            Optimization = ReadLevel(),
            Providers = new TritonInstances(_notes).ReadProviders(_root, parameters.CudaOptions),
            WarmupShapes = new TritonWarmupReader(_notes, hasBatchAxis).Read(_root),
            CustomOps = ReadCustomOps(),
            Steps = steps,
            Cache = PbtxtValues.Flag(_root.Child("response_cache").One("enable")) == true ? new CacheConfig(CacheConfig.DefaultBytes) : null,
        };
    }

    private void CheckName(string? expected)
    {
        var node = _root.One("name");
        if (PbtxtValues.Text(node) is { Length: > 0 } name && expected is not null && name != expected)
        {
            _notes.Refuse(node!, "name", $"the model's name by its folder, {ConfigErrors.Quote(expected)}, or no name at all");
        }
    }

    private void CheckOneOf(string field, string allowed)
    {
        var node = _root.One(field);
        if (PbtxtValues.Text(node) is { Length: > 0 } value && value != allowed)
        {
            _notes.Refuse(node!, field, $"{ConfigErrors.Quote(allowed)}, or nothing; this server runs ONNX models and ensembles of them");
        }
    }

    private string? ReadFile()
    {
        var node = _root.One("default_model_filename");
        if (PbtxtValues.Text(node) is not { Length: > 0 } name)
        {
            return null;
        }

        if (ConfigLimits.CheckFile(name) is { } why)
        {
            _notes.Errors.Add(node!.At, "default_model_filename", $"{ConfigErrors.Quote(name)} is not allowed; {why}");
        }

        return name;
    }

    private OptimizationLevel? ReadLevel()
    {
        // Triton's numbers are no scale: 0 is everything, 2 is nothing.
        return _notes.Integer(_root.Child("optimization").Child("graph").One("level"), "optimization.graph.level", -1, 2) switch
        {
            -1 => OptimizationLevel.Basic,
            1 => OptimizationLevel.Extended,
            2 => OptimizationLevel.None,
            _ => null,
        };
    }

    private ImmutableArray<string> ReadCustomOps() =>
        [.. _root.Child("model_operations").All("op_library_filename").Select(PbtxtValues.Text).OfType<string>().Where(t => t.Length > 0)];
}
