using System.IO.Pipelines;
using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Grpc.Infer;

namespace Serving.Server.Tests.Grpc.Infer;

public class ModelInferResponseMessageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task WriteToAsync_RandomResponses_AreReadByGeneratedParser()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            using var response = RandomResponse(random);

            var (message, bytes) = await WriteAsync(response);
            var parsed = ModelInferResponse.Parser.ParseFrom(bytes);

            Assert.Equal(message.Length, bytes.Length);
            Assert.Equal(bytes.Length, parsed.CalculateSize());
            Assert.Equal((response.ModelName, response.ModelVersion, response.Id ?? ""), (parsed.ModelName, parsed.ModelVersion, parsed.Id));
            Assert.Equal(response.Outputs.Select(o => (o.Name, o.Type.Name())), parsed.Outputs.Select(o => (o.Name, o.Datatype)));
            Assert.Equal(response.Outputs.Select(o => o.Shape.ToArray()), parsed.Outputs.Select(o => o.Shape.ToArray()));
            Assert.Equal(response.Outputs.Select(o => o.Data.ToArray()), parsed.RawOutputContents.Select(raw => raw.ToByteArray()));
        }
    }

    [Fact]
    public async Task WriteToAsync_AroundTheLongestThatIsWrittenInOne_IsReadByGeneratedParser()
    {
        var written = new List<int>();
        for (var length = 1_990; length < 2_060; length++)
        {
            var data = new byte[length];
            new Random(length).NextBytes(data);
            using var response = Response([new OutputTensor("y", ElementType.UInt8, new TensorShape(length), data)]);

            var (message, bytes) = await WriteAsync(response);

            written.Add(bytes.Length);
            Assert.Equal(message.Length, bytes.Length);
            Assert.Equal(data, ModelInferResponse.Parser.ParseFrom(bytes).RawOutputContents[0].ToByteArray());
        }

        Assert.Contains(2_048, written);
        Assert.Contains(2_049, written);
    }

    [Fact]
    public async Task WriteToAsync_LargeOutput_IsFlushedInParts()
    {
        var data = new byte[3_000_000];
        new Random(1).NextBytes(data);
        using var response = Response([new OutputTensor("y", ElementType.UInt8, new TensorShape(data.Length), data)]);
        ModelInferResponseMessage.Create(response).TryGetValue(out var message, out _);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1000, resumeWriterThreshold: 500));

        var writing = message.WriteToAsync(pipe.Writer, CancellationToken.None).AsTask();
        Assert.False(writing.IsCompleted);
        var received = new MemoryStream();
        var reading = pipe.Reader.CopyToAsync(received);
        await writing.WaitAsync(Patience);
        await pipe.Writer.CompleteAsync();
        await reading.WaitAsync(Patience);

        Assert.Equal(message.Length, received.Length);
        Assert.Equal(data, ModelInferResponse.Parser.ParseFrom(received.ToArray()).RawOutputContents[0].ToByteArray());
    }

    [Fact]
    public void Create_MoreThanTheLongestMessage_IsTooLarge()
    {
        var half = new byte[1 << 30];
        using var response = Response([Output(half), Output(half)]);

        var outcome = ModelInferResponseMessage.Create(response);

        Assert.Equal(InferenceError.TooLarge, outcome.Failure?.Error);
        Assert.Contains("2147483647", outcome.Failure!.Message, StringComparison.Ordinal);

        static OutputTensor Output(byte[] data) => new("y", ElementType.UInt8, new TensorShape(data.Length), data);
    }

    private static async Task<(ModelInferResponseMessage Message, byte[] Bytes)> WriteAsync(InferenceResponse response)
    {
        ModelInferResponseMessage.Create(response).TryGetValue(out var message, out var failure);
        Assert.Null(failure);
        var stream = new MemoryStream();
        var writer = PipeWriter.Create(stream);
        await message.WriteToAsync(writer, CancellationToken.None).AsTask().WaitAsync(Patience);
        await writer.CompleteAsync();
        return (message, stream.ToArray());
    }

    private static InferenceResponse RandomResponse(Random random)
    {
        var outputs = new OutputTensor[random.Next(4)];
        for (var i = 0; i < outputs.Length; i++)
        {
            var data = new byte[random.Next(random.Next(4) == 0 ? 40_000 : 300)];
            random.NextBytes(data);
            var shape = Enumerable.Range(0, random.Next(5)).Select(_ => random.NextInt64(0, 1L << random.Next(63))).ToArray();
            outputs[i] = new OutputTensor(random.Next(5) == 0 ? "" : "выход" + i, (ElementType)random.Next(14), new TensorShape(shape), data);
        }

        return Response(outputs, random.Next(3) == 0 ? null : new string('i', random.Next(300)));
    }

    private static InferenceResponse Response(OutputTensor[] outputs, string? id = null) =>
        new(owner: null) { ModelName = "模型", ModelVersion = "1", Id = id, Outputs = outputs };
}
