namespace Serving.Runtime.Audio.Flac;

/// <summary>Reads one channel of a frame (RFC 9639, section 9.2).</summary>
internal static class FlacSubframe
{
    private static readonly int[][] Fixed = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

    /// <param name="bits">Where it begins.</param>
    /// <param name="samples">Filled with its samples.</param>
    /// <param name="width">The bits of a sample.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static void Read(ref FlacBits bits, scoped Span<int> samples, int width)
    {
        var reserved = bits.Read(1);
        var kind = (int)bits.Read(6);
        var wasted = bits.Read(1) == 0 ? 0 : bits.ReadZeros() + 1;
        width -= wasted;
        if (reserved != 0 || width <= 0)
        {
            throw new InvalidDataException("a channel of a frame is damaged");
        }

        switch (kind)
        {
            case 0:
                samples.Fill(bits.ReadSigned(width));
                break;
            case 1:
                ReadRaw(ref bits, samples, width);
                break;
            case >= 8 and <= 12:
                ReadRaw(ref bits, Start(samples, kind - 8), width);
                Predict(ref bits, samples, Fixed[kind - 8], 0);
                break;
            case >= 32:
                ReadLinear(ref bits, samples, kind - 31, width);
                break;
            default:
                throw new InvalidDataException($"a channel of a frame is of the kind {kind}, which is reserved");
        }

        for (var i = 0; wasted > 0 && i < samples.Length; i++)
        {
            samples[i] <<= wasted;
        }
    }

    private static void ReadRaw(ref FlacBits bits, scoped Span<int> samples, int width)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = bits.ReadSigned(width);
        }
    }

    private static void ReadLinear(ref FlacBits bits, scoped Span<int> samples, int order, int width)
    {
        ReadRaw(ref bits, Start(samples, order), width);
        var precision = (int)bits.Read(4) + 1;
        var shift = bits.ReadSigned(5);
        if (precision == 16 || shift < 0)
        {
            throw new InvalidDataException("a channel of a frame has a predictor that is reserved");
        }

        Span<int> coefficients = stackalloc int[order];
        ReadRaw(ref bits, coefficients, precision);
        Predict(ref bits, samples, coefficients, shift);
    }

    private static Span<int> Start(Span<int> samples, int order) =>
        order <= samples.Length ? samples[..order] : throw new InvalidDataException("a frame is shorter than what its predictor begins with");

    /// <summary>Reads what the predictor missed, and adds what it foretells from the samples before.</summary>
    private static void Predict(ref FlacBits bits, scoped Span<int> samples, scoped ReadOnlySpan<int> coefficients, int shift)
    {
        var order = coefficients.Length;
        FlacResidual.Read(ref bits, samples, order);
        for (var i = order; i < samples.Length; i++)
        {
            var before = samples[(i - order)..i];
            var sum = 0L;
            for (var j = 0; j < order; j++)
            {
                sum += (long)coefficients[j] * before[order - 1 - j];
            }

            samples[i] = unchecked((int)(samples[i] + (sum >> shift)));
        }
    }
}
