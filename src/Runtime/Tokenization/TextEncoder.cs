using Serving.Runtime.Tokenization.Added;
using Serving.Runtime.Tokenization.PostProcessors;
using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization;

/// <summary>
/// Takes one text to its tokens: (1) added tokens are found in the text; what is between them is (2) normalized, (3) searched
/// for added tokens again, (4) split into pieces, and (5) each piece goes to the model.
/// </summary>
internal sealed class TextEncoder(Pipeline pipeline)
{
    /// <summary>The tokens of a text, the first (0) or second (1) of a pair.</summary>
    public EncodingData Encode(string text, int sequence, OffsetUnit unit, Workspace workspace)
    {
        var source = text.AsSpan();
        if (HasLoneSurrogate(source))
        {
            // As every encoder to UTF-8 does.
            source = string.Concat(text.EnumerateRunes().Select(r => r.ToString()));
        }

        workspace.Tokens.Clear();
        var added = workspace.Added.Plain;
        added.Clear();
        pipeline.Added.Plain.Find(source, added);
        var at = 0;
        foreach (var match in added)
        {
            EncodePart(source, at, match.Start, workspace);
            AddToken(workspace, match.Token, match.Start, match.End, source[match.Start..match.End]);
            at = match.End;
        }

        EncodePart(source, at, source.Length, workspace);
        return Finish(workspace.Tokens.Span, sequence, OffsetMap.Make(source, unit));
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        var next = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (next < 0)
        {
            return false;
        }

        for (var at = next; at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[++at])))
            {
                return true;
            }
        }

        return false;
    }

    private void EncodePart(ReadOnlySpan<char> source, int start, int end, Workspace workspace)
    {
        if (start >= end)
        {
            return;
        }

        workspace.Text.Load(source[start..end], start);
        pipeline.Normalizer?.Normalize(workspace);
        var added = workspace.Added.Normalized;
        added.Clear();
        pipeline.Added.Normalized.Find(workspace.Text.Span, added);
        if (added.Count == 0)
        {
            EncodeText(workspace);
            return;
        }

        workspace.KeepAsSource();
        var text = workspace.Source;
        var at = 0;
        foreach (var match in added)
        {
            EncodeBetween(workspace, at, match.Start);
            AddToken(workspace, match.Token, text.StartOf(match.Start), text.EndOf(match.End - 1), text.Span[match.Start..match.End]);
            at = match.End;
        }

        EncodeBetween(workspace, at, text.Length);
    }

    private void EncodeBetween(Workspace workspace, int start, int end)
    {
        if (start < end)
        {
            workspace.Text.Load(workspace.Source, start, end);
            EncodeText(workspace);
        }
    }

    private static void AddToken(Workspace workspace, AddedToken token, int start, int end, ReadOnlySpan<char> text)
    {
        workspace.Tokens.Add(token.Id, start, end, text.SequenceEqual(token.Content) ? null : text.ToString());
        workspace.Tokens.EndWord();
    }

    private void EncodeText(Workspace workspace)
    {
        var first = workspace.BeginNext();
        first.Add(0, workspace.Text.Length);
        workspace.TakeNext();
        pipeline.PreTokenizer?.Split(workspace);

        var text = workspace.Text;
        var tokens = workspace.PieceTokens;
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            var (start, end) = workspace.Pieces[i];
            tokens.Truncate(0);
            pipeline.Model.Tokenize(text.Span[start..end], tokens);
            foreach (var token in tokens.Span)
            {
                AddToken(workspace, token, start);
            }

            workspace.Tokens.EndWord();
        }
    }

    private void AddToken(Workspace workspace, Token token, int pieceStart)
    {
        var text = workspace.Text;
        var from = pieceStart + token.Start;
        var to = pieceStart + token.End;
        var start = text.StartOf(Math.Min(from, text.Length - 1));
        var shown = token.Id == pipeline.Model.ShownAsText ? text.Span[from..to].ToString() : null;
        workspace.Tokens.Add(token.Id, start, to > from ? text.EndOf(to - 1) : start, shown);
    }

    private static EncodingData Finish(ReadOnlySpan<TextTokens.Entry> tokens, int sequence, int[]? places)
    {
        var data = new EncodingData(tokens.Length);
        Array.Fill(data.AttentionMask, 1);
        if (sequence != 0)
        {
            Array.Fill(data.TypeIds, sequence);
            Array.Fill(data.SequenceIds, sequence);
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            ref readonly var token = ref tokens[i];
            data.Ids[i] = token.Id;
            data.WordIds[i] = token.Word;
            data.Offsets[i] = places is null ? (token.Start, token.End) : (places[token.Start], places[token.End]);
            if (token.Text is not null)
            {
                data.Texts ??= new string?[tokens.Length];
                data.Texts[i] = token.Text;
            }
        }

        return data;
    }
}
