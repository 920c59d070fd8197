using System.Buffers;
using System.Buffers.Text;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>Recordings as clients send them: files as they are, or in base64 where a protocol has only text.</summary>
internal static class SoundBytes
{
    // The first bytes of WAV, RF64 and FLAC files in base64, and those of a tag before FLAC.
    private static readonly byte[][] Starts = [[.. "UklGR"u8], [.. "UkY2N"u8], [.. "ZkxhQ"u8], [.. "SUQz"u8]];

    /// <summary>The file's bytes. Base64, also as a data URL, is decoded; what is neither stays as it is, for the reader to name.</summary>
    public static ReadOnlySequence<byte> Read(in ReadOnlySequence<byte> sent)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(sent.Length, 64)];
        sent.Slice(0, start.Length).CopyTo(start);
        var skip = 0;
        if (start.StartsWith("data:audio/"u8) && start.IndexOf(";base64,"u8) is > 0 and var comma)
        {
            skip = comma + ";base64,".Length;
        }
        else if (!IsBase64(start))
        {
            return sent;
        }

        var text = sent.Slice(skip).ToArray();
        return Base64.DecodeFromUtf8InPlace(text, out var written) == OperationStatus.Done ? new ReadOnlySequence<byte>(text, 0, written) : sent;
    }

    private static bool IsBase64(ReadOnlySpan<byte> start)
    {
        foreach (var known in Starts)
        {
            if (start.StartsWith(known))
            {
                return true;
            }
        }

        return false;
    }
}
