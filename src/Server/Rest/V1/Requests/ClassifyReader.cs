using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Rest.V1.Responses;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Reads a <c>:classify</c> request.</summary>
internal static class ClassifyReader
{
    public static Outcome<V1Request> Read(ReadOnlySpan<byte> json, ModelMetadata model, long limit)
    {
        if (!ScoresOutput.ForClasses(model).TryGetValue(out var output, out var failure))
        {
            return failure;
        }

        var answer = new ClassesAnswer(output.Scores, output.Classes);
        return ExamplesRequest.Read(json, model, limit, answer.Outputs, answer.WriteAsync);
    }
}
