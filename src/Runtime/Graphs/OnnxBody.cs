namespace Serving.Runtime.Graphs;

/// <summary>Operators with a boundary: a graph inside an operator, which also sees the values around it, or a function of the model, which does not.</summary>
/// <param name="Inputs">Names of its own inputs, in order.</param>
/// <param name="Outputs">Names of its outputs, in order.</param>
/// <param name="Nodes">Its operators.</param>
internal sealed record OnnxBody(IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<OnnxNode> Nodes);
