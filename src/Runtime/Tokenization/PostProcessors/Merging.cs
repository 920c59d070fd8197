namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>Puts texts and special tokens together, and every part that was cut off with everything that goes with it, in the reference library's order.</summary>
internal static class Merging
{
    /// <summary>One encoding of several; its overflow is every other way to take of each its own tokens or one of its parts.</summary>
    /// <exception cref="TokenizationException">That is more than <see cref="TokenizationLimits.Parts"/>.</exception>
    public static EncodingData Merge(IReadOnlyList<EncodingData> parts)
    {
        if (parts.All(p => p.Overflowing.Count == 0))
        {
            return EncodingData.Join(parts);
        }

        List<EncodingData> whole = [];
        List<List<EncodingData>> others = [];
        foreach (var part in parts)
        {
            if ((long)(others.Count + 1) * (part.Overflowing.Count + 1) > TokenizationLimits.Parts)
            {
                throw new TokenizationException($"The text is cut into more than {TokenizationLimits.Parts} parts.");
            }

            var next = new List<List<EncodingData>>();
            foreach (var other in others)
            {
                next.Add([.. other, part]);
                next.AddRange(part.Overflowing.Select(o => (List<EncodingData>)[.. other, o]));
            }

            next.AddRange(part.Overflowing.Select(o => (List<EncodingData>)[.. whole, o]));
            whole.Add(part);
            others = next;
        }

        var merged = EncodingData.Join(whole);
        if (whole.Count == 1)
        {
            merged = merged.Slice(0, merged.Length);
        }

        merged.Overflowing = [.. others.Select(EncodingData.Join)];
        return merged;
    }
}
