using System.Collections.Immutable;
using System.Globalization;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Reads <c>ensemble_scheduling</c>.</summary>
internal sealed class TritonStepsReader
{
    private const string Path = "ensemble_scheduling.step";

    private readonly TritonNotes _notes;

    public TritonStepsReader(TritonNotes notes) => _notes = notes;

    /// <summary>The steps; none where the configuration is no ensemble's.</summary>
    public ImmutableArray<StepConfig> Read(PbtxtNode.Message root)
    {
        var steps = root.Child("ensemble_scheduling").Messages("step").ToList();
        if (steps.Count > ConfigLimits.MaxSteps)
        {
            _notes.Errors.Add(steps[ConfigLimits.MaxSteps].At, Path, $"there are {steps.Count} steps; allowed are {ConfigLimits.MaxSteps}");
        }

        return [.. steps.Select(ReadStep)];
    }

    private StepConfig ReadStep(PbtxtNode.Message step)
    {
        var read = new StepConfig
        {
            Model = PbtxtValues.Text(step.One("model_name")) ?? "",
            Version = PbtxtValues.Integer(step.One("model_version")) is > 0 and var version ? version.ToString(CultureInfo.InvariantCulture) : null,
            Inputs = ReadMap(step, "input_map"),
            Outputs = ReadMap(step, "output_map"),
        };
        if (read.Model.Length == 0 || read.Inputs.IsEmpty || read.Outputs.IsEmpty)
        {
            _notes.Errors.Add(step.At, Path, "a step needs model_name, input_map and output_map");
        }

        return read;
    }

    private static ImmutableDictionary<string, string> ReadMap(PbtxtNode.Message step, string field) => step.Messages(field)
        .Select(entry => (Key: PbtxtValues.Text(entry.One("key")) ?? "", Value: PbtxtValues.Text(entry.One("value")) ?? ""))
        .Where(entry => entry.Key.Length > 0 && entry.Value.Length > 0)
        .DistinctBy(entry => entry.Key)
        .ToImmutableDictionary(entry => entry.Key, entry => entry.Value);
}
