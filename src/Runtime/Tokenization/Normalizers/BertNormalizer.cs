using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>BERT's cleaning: no control characters, one kind of space, spaces around ideographs, no accents, lower case; each of them optional.</summary>
internal sealed class BertNormalizer(bool cleanText, bool spaceIdeographs, bool stripAccents, bool lowercase) : INormalizer
{
    private static readonly CodePointSet Controls = UnicodeTables.Set("bert:control");
    private static readonly CodePointSet Spaces = UnicodeTables.Set("bert:space");
    private static readonly CodePointSet Ideographs = UnicodeTables.Set("bert:ideograph");
    private static readonly CodePointSet Accents = UnicodeTables.Set("bert:accent");

    public void Normalize(Workspace workspace)
    {
        var text = workspace.Text;
        var isPlain = !text.Span.ContainsAnyExceptInRange(' ', '~');
        if (cleanText && !isPlain)
        {
            Filters.Remove(text, Controls);
            Filters.Blank(text.InPlace, Spaces);
        }

        // The first ideographs stand above these.
        if (spaceIdeographs && text.Span.ContainsAnyExceptInRange('\0', '\u33FF'))
        {
            SpaceIdeographs(text);
        }

        if (stripAccents && !isPlain)
        {
            Normalization.Normalize(text, compatible: false, compose: false);
            Filters.Remove(text, Accents);
        }

        if (lowercase)
        {
            Filters.ToLower(text);
        }
    }

    private static void SpaceIdeographs(NormalizedText text)
    {
        text.BeginRewrite();
        for (var at = 0; at < text.Length;)
        {
            var c = CodePoints.At(text.Span, at, out var length);
            at += length;
            if (!Ideographs.Contains(c))
            {
                text.Emit(c, 0);
                continue;
            }

            // All three stand for the ideograph.
            text.Emit(' ', 0);
            text.Emit(c, 1);
            text.Emit(' ', 1);
        }

        text.EndRewrite();
    }
}
