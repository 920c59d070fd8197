using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V1.Responses;

/// <summary>Answers a <c>:regress</c> request: one number for each example.</summary>
internal static class ValuesAnswer
{
    public static async ValueTask<InferenceFailure?> WriteAsync(HttpContext context, InferenceResponse response)
    {
        var output = response.Outputs[0];
        if (output.Shape.Rank is not (1 or 2) || (output.Shape.Rank == 2 && output.Shape[1] != 1))
        {
            return InferenceFailure.InvalidInput(
                $":regress needs one number for each example, but output '{output.Name}' has shape {output.Shape}; use :predict");
        }

        await using var body = new JsonBody(context);
        body.Json.Write("{\"results\":"u8);
        await ColumnsAnswer.WriteValueAsync(body, new NestedWriter(output with { Shape = new TensorShape(output.Shape[0]) }));
        body.Json.Write("}"u8);
        await body.FinishAsync();
        return null;
    }
}
