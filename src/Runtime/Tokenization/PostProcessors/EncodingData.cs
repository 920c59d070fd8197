namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>What an <see cref="TokenEncoding"/> holds, while it is cut, put together and padded.</summary>
internal sealed class EncodingData
{
    public EncodingData(int length)
    {
        Ids = new int[length];
        TypeIds = new int[length];
        AttentionMask = new int[length];
        SpecialTokensMask = new int[length];
        WordIds = new int[length];
        SequenceIds = new int[length];
        Offsets = new (int, int)[length];
    }

    public int Length => Ids.Length;

    public int[] Ids { get; }

    public int[] TypeIds { get; }

    public int[] AttentionMask { get; }

    public int[] SpecialTokensMask { get; }

    public int[] WordIds { get; }

    public int[] SequenceIds { get; }

    public (int Start, int End)[] Offsets { get; }

    /// <summary>The texts of tokens that the vocabulary does not tell; null where it tells all.</summary>
    public string?[]? Texts { get; set; }

    public IReadOnlyList<EncodingData> Overflowing { get; set; } = [];

    /// <summary>Tokens that are added around texts.</summary>
    public static EncodingData Special(ReadOnlySpan<int> ids, IReadOnlyList<string> texts, int typeId)
    {
        var data = new EncodingData(ids.Length) { Texts = [.. texts] };
        ids.CopyTo(data.Ids);
        Array.Fill(data.TypeIds, typeId);
        Array.Fill(data.AttentionMask, 1);
        Array.Fill(data.SpecialTokensMask, 1);
        Array.Fill(data.WordIds, -1);
        Array.Fill(data.SequenceIds, -1);
        return data;
    }

    /// <summary>The tokens from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public EncodingData Slice(int start, int end)
    {
        var slice = new EncodingData(end - start);
        CopyTo(slice, start, 0, end - start);
        return slice;
    }

    /// <summary>The same tokens with other types, and the same overflow as it is.</summary>
    public EncodingData WithType(int typeId)
    {
        var copy = Slice(0, Length);
        Array.Fill(copy.TypeIds, typeId);
        copy.Overflowing = Overflowing;
        return copy;
    }

    /// <summary>Puts encodings one behind the other.</summary>
    public static EncodingData Join(IReadOnlyList<EncodingData> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var joined = new EncodingData(parts.Sum(p => p.Length));
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined, 0, at, part.Length);
            at += part.Length;
        }

        return joined;
    }

    /// <summary>Copies a range of tokens to another place.</summary>
    public void CopyTo(EncodingData target, int from, int to, int count)
    {
        Array.Copy(Ids, from, target.Ids, to, count);
        Array.Copy(TypeIds, from, target.TypeIds, to, count);
        Array.Copy(AttentionMask, from, target.AttentionMask, to, count);
        Array.Copy(SpecialTokensMask, from, target.SpecialTokensMask, to, count);
        Array.Copy(WordIds, from, target.WordIds, to, count);
        Array.Copy(SequenceIds, from, target.SequenceIds, to, count);
        Array.Copy(Offsets, from, target.Offsets, to, count);
        if (Texts is not null)
        {
            target.Texts ??= new string?[target.Length];
            Array.Copy(Texts, from, target.Texts, to, count);
        }
    }
}
