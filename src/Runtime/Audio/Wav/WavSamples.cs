using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Serving.Runtime.Audio.Wav;

/// <summary>Makes one channel of the bytes of a WAV file's samples.</summary>
internal static class WavSamples
{
    private static readonly float[] ALaw = Table(FromALaw);
    private static readonly float[] MuLaw = Table(FromMuLaw);

    /// <exception cref="SoundTooLongException">There are too many.</exception>
    public static float[] Read(ReadOnlySpan<byte> bytes, WavFormat format, SoundLimits limits)
    {
        // A last sample that is not whole was cut off with the file.
        var count = bytes.Length / (format.Width * format.Channels);
        limits.Check(count, format.Rate);
        var samples = new float[count];
        if (format is { Coding: WavCoding.Whole, Width: 2, Channels: 1 })
        {
            var shorts = MemoryMarshal.Cast<byte, short>(bytes)[..count];
            for (var i = 0; i < count; i++)
            {
                samples[i] = shorts[i] / 32768f;
            }

            return samples;
        }

        for (int i = 0, at = 0; i < count; i++)
        {
            var sum = 0.0;
            for (var channel = 0; channel < format.Channels; channel++, at += format.Width)
            {
                sum += Read(bytes[at..], format);
            }

            samples[i] = (float)(sum / format.Channels);
        }

        return samples;
    }

    private static double Read(ReadOnlySpan<byte> bytes, WavFormat format) => (format.Coding, format.Width) switch
    {
        (WavCoding.Whole, 1) => (bytes[0] - 128) / 128.0,
        (WavCoding.Whole, 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768.0,
        (WavCoding.Whole, 3) => (bytes[0] | (bytes[1] << 8) | ((sbyte)bytes[2] << 16)) / 8388608.0,
        (WavCoding.Whole, _) => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648.0,
        (WavCoding.Float, 4) => Finite(BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        (WavCoding.Float, _) => Finite(BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
        (WavCoding.ALaw, _) => ALaw[bytes[0]],
        _ => MuLaw[bytes[0]],
    };

    /// <summary>What is no number, or none that anybody means, is silence: one such sample would make a whole answer none.</summary>
    private static double Finite(double value) => Math.Abs(value) <= 1e6 ? value : 0;

    private static float[] Table(Func<int, int> decode) => [.. Enumerable.Range(0, 256).Select(code => decode(code) / 32768f)];

    /// <summary>ITU-T G.711, table 1.</summary>
    private static int FromALaw(int code)
    {
        code ^= 0x55;
        var exponent = (code >> 4) & 7;
        var mantissa = ((code & 15) << 4) + 8;
        var value = exponent == 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
        return (code & 0x80) == 0 ? -value : value;
    }

    /// <summary>ITU-T G.711, table 2.</summary>
    private static int FromMuLaw(int code)
    {
        code = ~code & 0xFF;
        var value = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
        return (code & 0x80) == 0 ? value : -value;
    }
}
