using System.Collections.Immutable;
using System.Globalization;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>Reads <c>steps</c>: the models of an ensemble and the tensors between them.</summary>
internal sealed class StepsReader
{
    private const string Key = "steps";
    private const string Maps = "a map such as {input_ids: ids}";

    private readonly YamlValueReader _values;

    public StepsReader(YamlValueReader values) => _values = values;

    public ImmutableArray<StepConfig> Read(YamlNode node)
    {
        var items = _values.List(node, Key, "a list of steps such as [{model: NAME, inputs: {..}, outputs: {..}}]");
        if (items.Count > ConfigLimits.MaxSteps)
        {
            _values.Note(node, Key, $"there are {items.Count} steps; allowed are {ConfigLimits.MaxSteps}");
        }

        return [.. items.Select((item, i) => ReadStep(item, $"{Key}[{i}]"))];
    }

    private StepConfig ReadStep(YamlNode node, string key)
    {
        var step = new StepConfig { Model = "" };
        foreach (var (name, value) in _values.Section(node, key, "steps"))
        {
            var at = $"{key}.{name}";
            step = name switch
            {
                "model" => step with { Model = _values.Text(value, at, "a model's name") ?? "" },
                "version" => step with { Version = _values.Text(value, at, "a version or a label") },
                "inputs" => step with { Inputs = ReadNames(value, at) },
                "outputs" => step with { Outputs = ReadNames(value, at) },
                "otherwise" => step with { Otherwise = ReadNames(value, at) },
                "parameters" => step with { Parameters = _values.Map(value, at, "a map such as {top_k: 1}").ToImmutableDictionary(e => e.Key, e => YamlJson.Of(e.Value)) },
                "for_each" => step with { ForEach = [.. _values.List(value, at, "a list of the step's inputs").Select((item, i) => _values.Text(item, $"{at}[{i}]", "an input's name")).OfType<string>()] },
                _ => step with { When = ReadCondition(value, at) },
            };
        }

        if (step.Model.Length == 0 || step.Inputs.IsEmpty || step.Outputs.IsEmpty)
        {
            _values.Note(node, key, "a step needs a model, inputs and outputs");
        }

        return step;
    }

    private ImmutableDictionary<string, string> ReadNames(YamlNode node, string key)
    {
        var names = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var entry in _values.Map(node, key, Maps))
        {
            if (_values.Text(entry.Value, YamlValueReader.Under(key, entry.Key), "a tensor's name") is { } tensor)
            {
                names[entry.Key] = tensor;
            }
        }

        return names.ToImmutable();
    }

    private ConditionConfig ReadCondition(YamlNode node, string key)
    {
        string? tensor = null;
        double? above = null;
        double? below = null;
        foreach (var (name, value) in _values.Section(node, key, "steps.when"))
        {
            switch (name)
            {
                case "tensor":
                    tensor = _values.Text(value, $"{key}.tensor", "a tensor's name");
                    break;
                case "above":
                    above = ReadNumber(value, $"{key}.above");
                    break;
                default:
                    below = ReadNumber(value, $"{key}.below");
                    break;
            }
        }

        if (tensor is null || (above is null && below is null))
        {
            _values.Note(node, key, "a condition needs a tensor, and above or below or both");
        }

        return new ConditionConfig(tensor ?? "", above, below);
    }

    private double? ReadNumber(YamlNode node, string key)
    {
        if (node is YamlNode.Scalar scalar && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        _values.Refuse(node, key, "a number");
        return null;
    }
}
