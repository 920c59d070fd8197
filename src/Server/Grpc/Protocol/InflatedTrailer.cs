using System.Buffers;
using System.Buffers.Binary;

namespace Serving.Server.Grpc.Protocol;

/// <summary>
/// Checks that what was inflated is all there was: .NET's streams take a compressed stream that is cut off for one that ends.
/// Gzip closes with the length, zlib with a checksum (Adler-32).
/// </summary>
internal struct InflatedTrailer(MessageEncoding encoding)
{
    private const int TrailerBytes = sizeof(uint);
    private const uint AdlerModulus = 65521;

    /// <summary>So many bytes can be added up before the sums overflow 32 bits.</summary>
    private const int AdlerRun = 5552;

    private uint _length;
    private uint _adlerLow = 1;
    private uint _adlerHigh;

    /// <summary>Adds inflated bytes.</summary>
    public void Append(ReadOnlySpan<byte> inflated)
    {
        _length += (uint)inflated.Length;
        if (encoding == MessageEncoding.Gzip)
        {
            return;
        }

        while (!inflated.IsEmpty)
        {
            var run = inflated[..Math.Min(AdlerRun, inflated.Length)];
            foreach (var value in run)
            {
                _adlerLow += value;
                _adlerHigh += _adlerLow;
            }

            _adlerLow %= AdlerModulus;
            _adlerHigh %= AdlerModulus;
            inflated = inflated[run.Length..];
        }
    }

    /// <summary>Whether the compressed message ends as it must.</summary>
    public readonly bool Closes(in ReadOnlySequence<byte> compressed)
    {
        if (compressed.Length < TrailerBytes)
        {
            // Some compressors make nothing of nothing.
            return compressed.IsEmpty;
        }

        Span<byte> trailer = stackalloc byte[TrailerBytes];
        compressed.Slice(compressed.Length - TrailerBytes).CopyTo(trailer);
        return encoding == MessageEncoding.Gzip
            ? BinaryPrimitives.ReadUInt32LittleEndian(trailer) == _length
            : BinaryPrimitives.ReadUInt32BigEndian(trailer) == ((_adlerHigh << 16) | _adlerLow);
    }
}
