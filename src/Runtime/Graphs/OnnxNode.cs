namespace Serving.Runtime.Graphs;

/// <summary>One operator of a graph.</summary>
/// <param name="Operator">The operator's type, such as <c>Gather</c>.</param>
/// <param name="Domain">Its domain; empty for ONNX itself.</param>
/// <param name="Inputs">Names of the values it reads; empty for one left out.</param>
/// <param name="Outputs">Names of the values it makes.</param>
/// <param name="Axis">Its <c>axis</c> attribute, 0 where it has none.</param>
/// <param name="Bodies">The graphs inside it: the branches of <c>If</c>, the body of <c>Loop</c> or <c>Scan</c>.</param>
internal sealed record OnnxNode(
    string Operator, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, long Axis, IReadOnlyList<OnnxBody> Bodies);
