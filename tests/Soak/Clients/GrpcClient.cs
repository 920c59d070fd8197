using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Soak.Questions;
using Serving.Soak.Reports;

namespace Serving.Soak.Clients;

/// <summary>Asks over gRPC, which it speaks by hand so that it can misbehave.</summary>
internal sealed class GrpcClient(Uri address) : IDisposable
{
    private const string Service = "/inference.GRPCInferenceService/";
    private const int Prefix = 5;

    private readonly HttpClient _http = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true })
    {
        BaseAddress = address,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<Reply> AskAsync(Question question, bool typed, CancellationToken stop = default, string? deadline = null)
    {
        using var response = await SendAsync(question, typed, frame => new ByteArrayContent(frame), stop, deadline);
        return await ReadAsync(response, stop);
    }

    /// <summary>Asks with a message that is sent as the content pleases.</summary>
    public Task<HttpResponseMessage> SendAsync(Question question, bool typed, Func<byte[], HttpContent> content, CancellationToken stop, string? deadline = null) =>
        SendAsync("ModelInfer", content(Frame(ToMessage(question, typed, ""))), stop, deadline);

    public static async Task<Reply> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var body = await response.Content.ReadAsByteArrayAsync(stop);
        var status = Header(response, "grpc-status");
        if (status != "0")
        {
            return new Reply(Ending(status), null, $"grpc-status {status}: {Uri.UnescapeDataString(Header(response, "grpc-message") ?? "")}");
        }

        Assert.Equal(body.Length - Prefix, BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)));
        return Reply.Good(ToTensor(ModelInferResponse.Parser.ParseFrom(body, Prefix, body.Length - Prefix)));
    }

    /// <summary>Asks several in one stream: a reply for each, in their order.</summary>
    public async Task<IReadOnlyList<Reply>> StreamAsync(IReadOnlyList<Question> questions, CancellationToken stop)
    {
        byte[] body = [.. questions.SelectMany((question, i) => Frame(ToMessage(question, typed: i % 2 == 0, Id(i))))];
        using var response = await SendAsync("ModelStreamInfer", new DribbledContent(body, 3, TimeSpan.FromMilliseconds(2), null), stop, null);
        var answer = await response.Content.ReadAsByteArrayAsync(stop);
        Assert.Equal("0", Header(response, "grpc-status"));
        var replies = new List<Reply>();
        for (var at = 0; at < answer.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(at + 1));
            var message = ModelStreamInferResponse.Parser.ParseFrom(answer, at + Prefix, length);
            Assert.Equal(Id(replies.Count), message.InferResponse.Id);
            replies.Add(message.ErrorMessage.Length == 0 ? Reply.Good(ToTensor(message.InferResponse)) : new Reply(FromText(message.ErrorMessage), null, message.ErrorMessage));
            at += Prefix + length;
        }

        Assert.Equal(questions.Count, replies.Count);
        return replies;
    }

    public void Dispose() => _http.Dispose();

    private static string Id(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static string? Header(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var trailer) || response.Headers.TryGetValues(name, out trailer) ? string.Join(',', trailer) : null;

    private static Ending Ending(string? status) => status switch
    {
        "13" => Reports.Ending.Failed,
        "8" or "14" => Reports.Ending.Refused,
        "4" => Reports.Ending.TooLate,
        _ => Reports.Ending.Wrong,
    };

    // In a stream a failure is told by its text alone.
    private static Ending FromText(string text) =>
        text.Contains(" failed: ", StringComparison.Ordinal) ? Reports.Ending.Failed
        : text.Contains("rows waiting", StringComparison.Ordinal) || text.Contains("out of service", StringComparison.Ordinal) || text.Contains("not at ready state", StringComparison.Ordinal) ? Reports.Ending.Refused
        : Reports.Ending.Wrong;

    private static byte[] Frame(ModelInferRequest message)
    {
        var frame = new byte[Prefix + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - Prefix);
        message.WriteTo(frame.AsSpan(Prefix));
        return frame;
    }

    private static ModelInferRequest ToMessage(Question question, bool typed, string id)
    {
        var message = new ModelInferRequest { ModelName = question.Model, Id = id };
        foreach (var input in question.Inputs)
        {
            var tensor = new ModelInferRequest.Types.InferInputTensor { Name = input.Name, Datatype = input.Type, Shape = { input.Shape } };
            if (typed)
            {
                tensor.Contents = Contents(input);
            }
            else
            {
                message.RawInputContents.Add(ByteString.CopyFrom(input.Data));
            }

            message.Inputs.Add(tensor);
        }

        return message;
    }

    private static InferTensorContents Contents(Tensor input) => input.Type switch
    {
        "BYTES" => new InferTensorContents { BytesContents = { input.AsTexts().Select(ByteString.CopyFromUtf8) } },
        "INT64" => new InferTensorContents { Int64Contents = { input.AsLongs().ToArray() } },
        _ => new InferTensorContents { Fp32Contents = { input.AsFloats().ToArray() } },
    };

    private static Tensor ToTensor(ModelInferResponse response)
    {
        var output = Assert.Single(response.Outputs);
        return new Tensor(output.Name, output.Datatype, [.. output.Shape], Assert.Single(response.RawOutputContents).ToByteArray());
    }

    private Task<HttpResponseMessage> SendAsync(string method, HttpContent content, CancellationToken stop, string? deadline)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, Service + method)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TE.ParseAdd("trailers");
        if (deadline is not null)
        {
            request.Headers.Add("grpc-timeout", deadline);
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }
}
