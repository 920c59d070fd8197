using System.Buffers.Binary;

namespace Serving.Runtime.Audio.Wav;

/// <summary>The format of a WAV file's samples.</summary>
/// <param name="Coding">How a sample is written.</param>
/// <param name="Channels">How many channels lie side by side.</param>
/// <param name="Rate">Samples of a channel each second.</param>
/// <param name="Width">The bytes of a sample.</param>
internal sealed record WavFormat(WavCoding Coding, int Channels, int Rate, int Width)
{
    private const int Length = 16;
    private const int ExtensibleLength = 26;
    private const int Extensible = 0xFFFE;

    /// <exception cref="InvalidDataException">It is none that is understood.</exception>
    public static WavFormat Read(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < Length)
        {
            throw new InvalidDataException($"its format has {chunk.Length} bytes, expected {Length}");
        }

        var code = (int)BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        if (code == Extensible && chunk.Length >= ExtensibleLength)
        {
            // The code is the beginning of a longer one that says nothing more.
            code = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        }

        var coding = (WavCoding)code;
        if (!Enum.IsDefined(coding))
        {
            throw new InvalidDataException($"its samples are coded as format {code}, understood are 1 (PCM), 3 (floating point), 6 (A-law) and 7 (mu-law)");
        }

        var channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        if (channels == 0)
        {
            throw new InvalidDataException("it has no channels");
        }

        return new WavFormat(coding, channels, SoundLimits.CheckRate(BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..])), WidthOf(chunk, coding, channels));
    }

    /// <summary>The bytes of a sample: those that the distance of two says, because fewer bits may be used of them, or else those of its bits.</summary>
    private static int WidthOf(ReadOnlySpan<byte> chunk, WavCoding coding, int channels)
    {
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        var distance = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        var width = distance > 0 && distance % channels == 0 && distance / channels * 8 >= bits ? distance / channels : (bits + 7) / 8;
        var isKnown = coding switch
        {
            WavCoding.Whole => width is >= 1 and <= 4,
            WavCoding.Float => width is 4 or 8,
            _ => width == 1,
        };
        return isKnown ? width : throw new InvalidDataException($"a sample has {bits} bits, understood are 8, 16, 24 and 32 of PCM, 32 and 64 of floating point, and 8 of A-law and mu-law");
    }
}
