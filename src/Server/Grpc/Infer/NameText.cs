using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>Names of models, versions and tensors: clients send the same few again and again, and those cost no allocation.</summary>
internal static class NameText
{
    /// <summary>Names that are remembered, a power of two. Arbitrary: a server has few models, but many clients that may send anything.</summary>
    private const int Remembered = 1024;

    /// <summary>Longer ones are rare, and must not keep memory.</summary>
    private const int Longest = 128;

    private static readonly Known?[] Recent = new Known?[Remembered];

    public static bool TryDecode(in ReadOnlySequence<byte> utf8, out string text)
    {
        if (!utf8.IsSingleSegment || utf8.Length is 0 or > Longest)
        {
            return WireText.TryDecode(utf8, out text);
        }

        var bytes = utf8.FirstSpan;
        ref var recent = ref Recent[Hash(bytes) & (Remembered - 1)];
        if (Volatile.Read(ref recent) is { } known && bytes.SequenceEqual(known.Utf8))
        {
            text = known.Text;
            return true;
        }

        if (!WireText.TryDecode(utf8, out text))
        {
            return false;
        }

        Volatile.Write(ref recent, new Known(bytes.ToArray(), text));
        return true;
    }

    // Of length, beginning and end: names that differ only between share a place, which costs them a decoding.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (uint)bytes.Length;
        foreach (var value in bytes[..Math.Min(bytes.Length, 4)])
        {
            hash = (hash * 31) + value;
        }

        foreach (var value in bytes[Math.Max(0, bytes.Length - 12)..])
        {
            hash = (hash * 31) + value;
        }

        return hash ^ (hash >> 15);
    }

    private sealed record Known(byte[] Utf8, string Text);
}
