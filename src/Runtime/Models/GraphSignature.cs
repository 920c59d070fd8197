using System.Collections.Frozen;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Models;

/// <summary>A graph's inputs and outputs in its own order, and where each name stands.</summary>
internal sealed class GraphSignature
{
    private readonly FrozenDictionary<string, int> _inputIndex;
    private readonly FrozenSet<string> _outputs;

    public GraphSignature(IReadOnlyList<TensorSignature> inputs, IReadOnlyList<TensorSignature> outputs)
    {
        Inputs = [.. inputs];
        Outputs = [.. outputs];
        OutputNames = [.. outputs.Select(o => o.Name)];
        _inputIndex = inputs.Select((input, index) => (input.Name, index)).ToFrozenDictionary(p => p.Name, p => p.index);
        _outputs = OutputNames.ToFrozenSet();
    }

    public TensorSignature[] Inputs { get; }

    public TensorSignature[] Outputs { get; }

    public string[] OutputNames { get; }

    /// <summary>The place of an input, -1 for an unknown name.</summary>
    /// <param name="input">The name.</param>
    /// <param name="near">Where it is most likely to stand: clients mostly name inputs in the graph's order.</param>
    public int IndexOf(string input, int near = 0) =>
        near < Inputs.Length && Inputs[near].Name == input ? near : _inputIndex.GetValueOrDefault(input, -1);

    public bool HasOutput(string output) => _outputs.Contains(output);
}
