using Serving.Runtime.Tokenization.PreTokenizers;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>Takes the spaces that belong to a token in GPT-2's alphabet off its offsets.</summary>
internal sealed class OffsetTrim(bool addPrefixSpace, Func<int, string> tokenOf)
{
    private static readonly CodePointSet Spaces = UnicodeTables.Set("library:whitespace");

    /// <summary>Changes the offsets of encodings and of their overflow.</summary>
    public void Apply(IReadOnlyList<EncodingData> encodings)
    {
        foreach (var encoding in encodings)
        {
            Trim(encoding);
            foreach (var part in encoding.Overflowing)
            {
                Trim(part);
            }
        }
    }

    private void Trim(EncodingData encoding)
    {
        for (var i = 0; i < encoding.Length; i++)
        {
            var token = encoding.Texts?[i] ?? tokenOf(encoding.Ids[i]);
            if (token.Length == 0 || !IsSpace(token[0]) && !IsSpace(token[^1]))
            {
                continue;
            }

            ref var offsets = ref encoding.Offsets[i];
            var leading = token.TakeWhile(IsSpace).Count();
            var trailing = token.Reverse().TakeWhile(IsSpace).Count();

            // A single space at the start may be one that was added, which has no place in the text.
            if (leading > 0 && !(addPrefixSpace && leading == 1 && (i == 0 || offsets.Start == 0)))
            {
                offsets.Start = Math.Min(offsets.Start + leading, offsets.End);
            }

            if (trailing > 0 && offsets.End >= trailing)
            {
                offsets.End = Math.Max(offsets.End - trailing, offsets.Start);
            }
        }
    }

    private static bool IsSpace(char unit) => unit == ByteAlphabet.Space || Spaces.Contains(unit);
}
