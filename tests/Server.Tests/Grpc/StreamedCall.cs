using System.Buffers.Binary;
using Google.Protobuf;
using Serving.Contracts.Inference;

namespace Serving.Server.Tests.Grpc;

/// <summary>A ModelStreamInfer call by hand: what is sent and what is read are independent of each other.</summary>
internal sealed class StreamedCall : IDisposable
{
    private const string Path = "/inference.GRPCInferenceService/ModelStreamInfer";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly StreamedContent _content = new();
    private readonly CancellationTokenSource _reset = new();
    private readonly Task<HttpResponseMessage> _opening;
    private Stream? _body;

    public StreamedCall(GrpcTestClient client, params (string Name, string Value)[] metadata)
    {
        _opening = client.OpenAsync(Path, _content, metadata, _reset.Token);
    }

    public void Send(params ModelInferRequest[] requests) => Array.ForEach(requests, request => SendMessage(request.ToByteArray()));

    /// <summary>Sends bytes as one message.</summary>
    public void SendMessage(byte[] message) => SendBytes(GrpcTestClient.Frame(message));

    public void SendBytes(byte[] bytes) => _content.Send(bytes);

    /// <summary>Closes the client's side.</summary>
    public void Complete() => _content.Complete();

    /// <summary>Resets the stream.</summary>
    public void Reset()
    {
        // Before the answer's headers the token does it, after them the body.
        _reset.Cancel();
        _body?.Dispose();
    }

    /// <summary>The next response; null at the end.</summary>
    public async Task<ModelStreamInferResponse?> ReadAsync()
    {
        _body ??= await (await _opening).Content.ReadAsStreamAsync().WaitAsync(Patience);
        var prefix = new byte[5];
        if (await _body.ReadAtLeastAsync(prefix, 5, throwOnEndOfStream: false).AsTask().WaitAsync(Patience) == 0)
        {
            return null;
        }

        var message = new byte[BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1))];
        await _body.ReadExactlyAsync(message).AsTask().WaitAsync(Patience);
        return ModelStreamInferResponse.Parser.ParseFrom(message);
    }

    /// <summary>All responses up to the end.</summary>
    public async Task<List<ModelStreamInferResponse>> ReadAllAsync()
    {
        var responses = new List<ModelStreamInferResponse>();
        while (await ReadAsync() is { } response)
        {
            responses.Add(response);
        }

        return responses;
    }

    /// <summary>The status, after everything was read.</summary>
    public async Task<(int Status, string? Message)> StatusAsync()
    {
        var reply = new GrpcReply(await _opening, []);
        return (reply.Status, reply.Message);
    }

    public void Dispose()
    {
        Reset();
        _reset.Dispose();
    }
}
