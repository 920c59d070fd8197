namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>Fills encodings up to a length.</summary>
internal static class Padding
{
    /// <summary>Fills the encodings of a batch up, and their overflow to the same length.</summary>
    /// <exception cref="TokenizationException">They would be longer than <see cref="TokenizationLimits.PaddedLength"/>.</exception>
    public static void Apply(Span<EncodingData> encodings, PaddingOptions options)
    {
        var length = options.Length ?? 0;
        foreach (var encoding in encodings)
        {
            length = options.Length ?? Math.Max(length, encoding.Length);
        }

        if (options.MultipleOf > 0 && length % options.MultipleOf > 0)
        {
            length += options.MultipleOf - length % options.MultipleOf;
        }

        if (length is < 0 or > TokenizationLimits.PaddedLength)
        {
            throw new TokenizationException($"A length of {length} to pad to is more than the {TokenizationLimits.PaddedLength} tokens that are allowed.");
        }

        foreach (ref var encoding in encodings)
        {
            encoding = Fill(encoding, length, options);
        }
    }

    private static EncodingData Fill(EncodingData encoding, int length, PaddingOptions options)
    {
        var missing = length - encoding.Length;
        var filled = encoding;
        if (missing > 0)
        {
            filled = new EncodingData(length);
            var isLeft = options.Side == TextSide.Left;
            encoding.CopyTo(filled, 0, isLeft ? missing : 0, encoding.Length);
            filled.Texts ??= new string?[length];
            var start = isLeft ? 0 : encoding.Length;
            Array.Fill(filled.Ids, options.Id, start, missing);
            Array.Fill(filled.TypeIds, options.TypeId, start, missing);
            Array.Fill(filled.SpecialTokensMask, 1, start, missing);
            Array.Fill(filled.WordIds, -1, start, missing);
            Array.Fill(filled.SequenceIds, -1, start, missing);
            Array.Fill(filled.Texts, options.Token, start, missing);
        }

        filled.Overflowing = [.. encoding.Overflowing.Select(o => Fill(o, length, options))];
        return filled;
    }
}
