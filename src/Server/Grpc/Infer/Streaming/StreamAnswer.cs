using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Outputs;

namespace Serving.Server.Grpc.Infer.Streaming;

/// <summary>What came of one request of a stream. Owns the response: dispose it when it was written.</summary>
/// <param name="bytes">How long the request's message was.</param>
/// <param name="request">The request; null where its message could not be read.</param>
/// <param name="outcome">The response, or why there is none.</param>
/// <param name="demands">How the client wants the outputs.</param>
internal sealed class StreamAnswer(
    int bytes, ScannedRequest? request, Outcome<InferenceResponse> outcome, IReadOnlyList<OutputDemand>? demands = null) : IDisposable
{
    /// <summary>How long the request's message was.</summary>
    public int Bytes => bytes;

    /// <summary>The message of a good answer, or why the answer is none.</summary>
    public Outcome<StreamResponseMessage> ToMessage() =>
        outcome.TryGetValue(out var response, out var failure) ? StreamResponseMessage.Create(response, demands ?? []) : failure;

    /// <summary>The message that tells a failure in band, and whose it is.</summary>
    public ProtobufMessage ToMessage(InferenceFailure failure) => new(new ModelStreamInferResponse
    {
        ErrorMessage = failure.Message,
        InferResponse = new ModelInferResponse
        {
            ModelName = request?.ModelName ?? "",
            ModelVersion = request?.ModelVersion ?? "",
            Id = request?.Id ?? "",
            Parameters = { [StreamResponseMessage.FinalParameter] = new InferParameter { BoolParam = true } },
        },
    });

    public void Dispose()
    {
        if (outcome.TryGetValue(out var response, out _))
        {
            response.Dispose();
        }
    }
}
