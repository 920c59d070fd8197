namespace Serving.Runtime.Audio.Flac;

/// <summary>Reads numbers in Rice's code, in parts each with its own parameter (RFC 9639, section 9.2.7).</summary>
internal static class FlacResidual
{
    /// <param name="bits">Where they begin.</param>
    /// <param name="samples">Filled from <paramref name="order"/> on.</param>
    /// <param name="order">How many samples come before them.</param>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static void Read(ref FlacBits bits, scoped Span<int> samples, int order)
    {
        var coding = bits.Read(2);
        if (coding > 1)
        {
            throw new InvalidDataException("a channel of a frame is coded in a way that is reserved");
        }

        var width = coding == 0 ? 4 : 5;
        var parts = 1 << (int)bits.Read(4);
        var length = samples.Length / parts;
        if (samples.Length % parts != 0 || length < order)
        {
            throw new InvalidDataException($"a frame of {samples.Length} samples is cut into {parts} parts, which it cannot be");
        }

        for (var part = 0; part < parts; part++)
        {
            ReadPart(ref bits, samples[(part == 0 ? order : part * length)..((part + 1) * length)], width);
        }
    }

    private static void ReadPart(ref FlacBits bits, scoped Span<int> samples, int width)
    {
        var parameter = (int)bits.Read(width);
        var isRaw = parameter == (1 << width) - 1;
        var rawWidth = isRaw ? (int)bits.Read(5) : 0;
        for (var i = 0; i < samples.Length; i++)
        {
            if (isRaw)
            {
                samples[i] = bits.ReadSigned(rawWidth);
                continue;
            }

            // Numbers and their negatives take turns: 0, -1, 1, -2, ...
            var folded = unchecked(((uint)bits.ReadZeros() << parameter) | bits.Read(parameter));
            samples[i] = (int)(folded >> 1) ^ -(int)(folded & 1);
        }
    }
}
