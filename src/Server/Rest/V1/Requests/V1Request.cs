using Serving.Runtime.Inference;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>A request as it was read, and how its answer is written. Owns the memory of its inputs.</summary>
/// <param name="inputs">The inputs.</param>
/// <param name="outputs">The outputs that the answer needs; null for all.</param>
/// <param name="answer">Writes the answer.</param>
internal sealed class V1Request(RequestInputs inputs, IReadOnlyList<string>? outputs, AnswerWriter answer) : IDisposable
{
    public IReadOnlyList<InputTensor> Inputs => inputs.Tensors;

    public IReadOnlyList<string>? Outputs { get; } = outputs;

    public AnswerWriter Answer { get; } = answer;

    public void Dispose() => inputs.Dispose();
}
