using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Tables;

/// <summary>Says the number, or the numbers, that go with each row of a table.</summary>
internal sealed class TabularRegression : ITask
{
    public const string Name = "tabular-regression";
    public const string Value = "value";

    private readonly TableGraph _graph;
    private readonly string[] _values;

    private TabularRegression(TaskMaterial material)
    {
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        _graph = TableGraph.Make(material, Settings, Name);
        _values = material.Outputs is [var only] && Numbers.AreFloats(only.Type) && only.HasRank && only.Shape.Rank is 1 or 2
            ? [only.Name]
            : throw new TaskException(
                $"the task {Name} wants one output, of floating-point numbers with 1 or 2 axes; the graph has {string.Join(", ", material.Outputs.Select(o => $"{o.Name} {o.Type.Name()} {o.Shape}"))}");
        Details = new TaskDetails(Name, material.Evidence) { Parameters = Settings.Parameters, Architecture = material.Config.Architecture };
    }

    public static TaskKind Kind { get; } = new(Name, [TableGraph.Columns], static _ => null, material => new TabularRegression(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => TableGraph.Inputs;

    public IReadOnlyList<TensorSignature> Outputs { get; } = [TensorSignatures.PerRow(Value, ElementType.Float32, ("values", -1))];

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        if (!_graph.Read(call).TryGetValue(out var rows, out var failure))
        {
            return failure;
        }

        var answered = await GraphRows.RunAsync(call, rows, _values, static (_, response) => Numbers.Floats(response.Outputs[0]).ToArray()).ConfigureAwait(false);
        return answered.TryGetValue(out var values, out failure)
            ? new TaskAnswer().Add(Value, new TensorShape(call.Rows, values[0].Length), values.SelectMany(row => row).ToArray())
            : failure;
    }
}
