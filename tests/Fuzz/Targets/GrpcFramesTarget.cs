using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Serving.Fuzz.Engine;
using Serving.Fuzz.Reference;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;

namespace Serving.Fuzz.Targets;

/// <summary>
/// The bodies of gRPC calls, which arrive in pieces: the messages that <see cref="FrameReference"/> finds, or a failure where it finds
/// one; no more memory than the limit on messages. The first byte of an input says how the call is compressed and whether it takes
/// one message.
/// </summary>
internal sealed class GrpcFramesTarget : FuzzTarget
{
    private const int Limit = 100_000;
    private const int SingleBit = 4;

    public override string Name => "grpc-frames";

    public override int Rounds => 100_000;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        [0, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 1, 0x86, 0xA0], [0, 0, 1, 0x86, 0xA1], [0, 0xFF, 0xFF, 0xFF, 0xFF], [0, 0x80, 0, 0, 0],
        [0, 0, 1, 0, 0], [0, 0, 1, 0, 1], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0], [0x78, 0x9C], [0x78, 1], [3, 0],
        Frame(Deflate([], isGzip: true), compressed: true), Frame(Deflate(new byte[300], isGzip: false), compressed: true),
    ];

    public override IEnumerable<byte[]> Seeds(Random random)
    {
        byte[] text = [.. Enumerable.Range(0, 700).Select(i => (byte)(i * i >> 3))];
        for (var options = 0; options < 2 * SingleBit; options++)
        {
            var encoding = Encoding(options);
            var isGzip = encoding == MessageEncoding.Gzip;
            yield return [(byte)options, .. Frame(text)];
            yield return [(byte)options, .. Frame([]), .. Frame(text[..3]), .. Frame([])];
            yield return [(byte)options, .. Frame(Deflate(text, isGzip), compressed: true), .. Frame(Deflate(text[..9], isGzip), compressed: true)];
            yield return [(byte)options, .. Frame(Deflate(text, isGzip), compressed: true)];
            yield return [(byte)options, .. Frame(Deflate(new byte[Limit - 1 + (options & 1)], isGzip), compressed: true)];
            yield return [(byte)options, .. Frame(Deflate(new byte[5_000_000], isGzip), compressed: true)];
        }
    }

    public override Verdict Try(byte[] input)
    {
        var options = input.Length > 0 ? input[0] : 0;
        var stream = input.AsSpan(Math.Min(1, input.Length)).ToArray();
        var isSingle = (options & SingleBit) != 0;
        var expected = FrameReference.Read(stream, Encoding(options), Limit);

        var pipe = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
        var cost = Cost.Start();
        var reader = new MessageReader(pipe.Reader, Encoding(options), Limit);
        List<byte[]> messages = [];
        var reading = ReadAsync(reader, isSingle, messages);
        Feed(pipe.Writer, stream, ChanceOf(input));
        Finding.Unless(reading.IsCompleted, "the reader waits for more than the stream has");
        reading.GetAwaiter().GetResult();
        var failure = reader.Failure;
        reader.Release();
        cost.AtMost(2_000_000 + (64L * input.Length) + messages.Sum(message => 3L * message.Length));
        return isSingle ? CheckSingle(expected, messages, failure) : Check(expected, messages, failure);
    }

    private static Verdict Check(FrameReference expected, List<byte[]> messages, InferenceFailure? failure)
    {
        // The reader may refuse compressed messages that are cut off, which .NET's streams take for whole ones.
        var stopsAtCompressed = failure?.Message.Contains("cannot be decompressed", StringComparison.Ordinal) == true;
        Finding.Unless(stopsAtCompressed || messages.Count == expected.Messages.Count, "the number of messages differs");
        Finding.Unless(messages.Zip(expected.Messages).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), "a message differs");
        Finding.Unless(stopsAtCompressed || failure?.Error == expected.Error, $"the stream ends with {failure?.Error}, expected {expected.Error}");
        return failure is null ? Verdict.Accepted($"{Math.Min(3, messages.Count)} messages") : Verdict.Refused(failure.Message);
    }

    private static Verdict CheckSingle(FrameReference expected, List<byte[]> messages, InferenceFailure? failure)
    {
        Finding.Unless((failure is null) == (messages.Count == 1), "a call with one message has neither it nor a failure");
        if (failure is not null)
        {
            Finding.Unless(
                failure.Error is InferenceError.InvalidInput or InferenceError.TooLarge or InferenceError.Unsupported, $"refused as {failure.Error}");
            Finding.Unless(
                expected.Error is not null || expected.Messages.Count != 1 || failure.Message.Contains("cannot be decompressed", StringComparison.Ordinal),
                $"a stream of one message is refused: {failure.Message}");
            return Verdict.Refused(failure.Message);
        }

        Finding.Unless(expected.Messages.Count == 1 && expected.Error is null, "a stream of other than one message is accepted");
        Finding.Unless(messages[0].AsSpan().SequenceEqual(expected.Messages[0]), "the message differs");
        return Verdict.Accepted("one message");
    }

    private static async Task ReadAsync(MessageReader reader, bool isSingle, List<byte[]> messages)
    {
        if (isSingle)
        {
            if (await reader.ReadSingleAsync(CancellationToken.None) is null)
            {
                messages.Add(reader.Message.ToArray());
            }

            return;
        }

        while (await reader.MoveNextAsync(CancellationToken.None))
        {
            messages.Add(reader.Message.ToArray());
        }
    }

    private static void Feed(PipeWriter writer, byte[] stream, Random chance)
    {
        var longest = chance.Next(1, 500);
        for (var at = 0; at < stream.Length;)
        {
            var length = Math.Min(chance.Next(1, longest + 1), stream.Length - at);
            writer.Write(stream.AsSpan(at, length));
            writer.FlushAsync().AsTask().GetAwaiter().GetResult();
            at += length;
        }

        writer.Complete();
    }

    private static MessageEncoding Encoding(int options) => (MessageEncoding)((options & 3) % 3);

    private static byte[] Frame(byte[] message, bool compressed = false) =>
        [compressed ? (byte)1 : (byte)0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static byte[] Deflate(byte[] bytes, bool isGzip)
    {
        var target = new MemoryStream();
        using (Stream stream = isGzip ? new GZipStream(target, CompressionLevel.Fastest) : new ZLibStream(target, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }
}
