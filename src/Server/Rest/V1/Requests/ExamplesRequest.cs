using Serving.Runtime.Inference;
using Serving.Runtime.Models;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Makes a request of examples.</summary>
internal static class ExamplesRequest
{
    public static Outcome<V1Request> Read(
        ReadOnlySpan<byte> json, ModelMetadata model, long limit, IReadOnlyList<string> outputs, AnswerWriter answer)
    {
        var inputs = new RequestInputs();
        var succeeded = false;
        try
        {
            var failure = ExamplesReader.Read(json, model, limit, inputs);
            succeeded = failure is null;
            return succeeded ? new V1Request(inputs, outputs, answer) : failure!;
        }
        finally
        {
            if (!succeeded)
            {
                inputs.Dispose();
            }
        }
    }
}
