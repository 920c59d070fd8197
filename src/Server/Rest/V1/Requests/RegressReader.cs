using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Rest.V1.Responses;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Reads a <c>:regress</c> request.</summary>
internal static class RegressReader
{
    public static Outcome<V1Request> Read(ReadOnlySpan<byte> json, ModelMetadata model, long limit) =>
        ScoresOutput.ForValues(model).TryGetValue(out var output, out var failure)
            ? ExamplesRequest.Read(json, model, limit, [output], ValuesAnswer.WriteAsync)
            : failure;
}
