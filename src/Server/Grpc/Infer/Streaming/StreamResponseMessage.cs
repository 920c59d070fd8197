using System.Buffers;
using System.IO.Pipelines;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Outputs;

namespace Serving.Server.Grpc.Infer.Streaming;

/// <summary>
/// A ModelStreamInferResponse around a ModelInferResponse, which is marked as the last of its request: every request has one answer.
/// </summary>
internal readonly struct StreamResponseMessage : IWireMessage
{
    /// <summary>The parameter by which clients know a request's last response.</summary>
    public const string FinalParameter = "triton_final_response";

    private const int ResponseField = 2;

    /// <summary>An entry of the field <c>parameters</c> (4): the key, then an InferParameter whose bool_param is true.</summary>
    private static readonly byte[] Final = [0x22, 27, 0x0A, 21, .. "triton_final_response"u8, 0x12, 2, 0x08, 1];

    private readonly ModelInferResponseMessage _response;

    private StreamResponseMessage(ModelInferResponseMessage response, int length)
    {
        _response = response;
        Length = length;
    }

    public int Length { get; }

    /// <summary>Measures a response, which must live until it is written.</summary>
    public static Outcome<StreamResponseMessage> Create(InferenceResponse response, IReadOnlyList<OutputDemand> demands)
    {
        if (!ModelInferResponseMessage.Create(response, demands).TryGetValue(out var message, out var failure))
        {
            return failure;
        }

        var length = WireWriter.FieldSize((long)message.Length + Final.Length);
        return length <= int.MaxValue
            ? new StreamResponseMessage(message, (int)length)
            : InferenceFailure.TooLarge($"the outputs take {message.Length} bytes, too many for a message of at most {int.MaxValue}");
    }

    public async ValueTask WriteToAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        WriteHeader(writer);
        await _response.WriteToAsync(writer, cancellationToken);

        // Last, though its number is lower than that of the outputs: fields may come in any order.
        writer.Write(Final);
    }

    private void WriteHeader(PipeWriter writer)
    {
        const int Longest = 6;
        var header = new WireWriter(writer.GetSpan(Longest));
        header.WriteHeader(ResponseField, (long)_response.Length + Final.Length);
        writer.Advance(header.Written);
    }
}
