namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>Cuts encodings to a length; what is cut off becomes their overflow.</summary>
internal static class Truncation
{
    /// <summary>Cuts one or two encodings so that they have at most <paramref name="maxLength"/> tokens together.</summary>
    /// <exception cref="TokenizationException">The text that must give way has too few tokens, or a part would repeat all of the one before it.</exception>
    public static void Apply(EncodingData[] encodings, TruncationOptions options, int maxLength)
    {
        var lengths = Array.ConvertAll(encodings, e => e.Length);
        var excess = lengths.Sum() - maxLength;
        if (excess <= 0)
        {
            return;
        }

        if (maxLength == 0)
        {
            Array.Fill(lengths, 0);
        }
        else if (options.Strategy != TruncationStrategy.LongestFirst)
        {
            var which = options.Strategy == TruncationStrategy.OnlyFirst ? 0 : 1;
            if (which == encodings.Length)
            {
                throw new TokenizationException("Truncation is to cut the second text, but there is only one.");
            }

            if (lengths[which] <= excess)
            {
                throw new TokenizationException($"The text that is to be cut has {lengths[which]} tokens, but {excess} are too many.");
            }

            lengths[which] -= excess;
        }
        else if (encodings.Length == 1)
        {
            lengths[0] = maxLength;
        }
        else
        {
            SharePair(lengths, maxLength);
        }

        for (var i = 0; i < encodings.Length; i++)
        {
            encodings[i] = Cut(encodings[i], lengths[i], options.Stride, options.Side);
        }
    }

    private static void SharePair(int[] lengths, int maxLength)
    {
        var longer = lengths[0] > lengths[1] ? 0 : 1;
        var shortest = lengths[1 - longer];
        var rest = shortest > maxLength ? shortest : Math.Max(shortest, maxLength - shortest);
        if (shortest + rest > maxLength)
        {
            shortest = maxLength / 2;
            rest = shortest + maxLength % 2;
        }

        lengths[longer] = rest;
        lengths[1 - longer] = shortest;
    }

    private static EncodingData Cut(EncodingData encoding, int length, int stride, TextSide side)
    {
        if (length >= encoding.Length)
        {
            return encoding;
        }

        if (length == 0)
        {
            return new EncodingData(0) { Overflowing = [encoding] };
        }

        if (stride >= length)
        {
            throw new TokenizationException($"The truncation's stride of {stride} must be less than the {length} tokens that there is room for.");
        }

        var step = length - stride;
        if ((encoding.Length - length) / step > TokenizationLimits.Parts)
        {
            throw new TokenizationException($"The text is cut into more than {TokenizationLimits.Parts} parts.");
        }

        var parts = new List<EncodingData>();
        for (var at = 0; ; at += step)
        {
            var end = Math.Min(at + length, encoding.Length);
            parts.Add(side == TextSide.Right ? encoding.Slice(at, end) : encoding.Slice(encoding.Length - end, encoding.Length - at));
            if (end == encoding.Length)
            {
                break;
            }
        }

        parts[0].Overflowing = parts[1..];
        return parts[0];
    }
}
