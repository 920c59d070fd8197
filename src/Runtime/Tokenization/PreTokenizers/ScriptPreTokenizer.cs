using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>UnicodeScripts: runs of one script, Japanese kana counted as Han; spaces and unassigned characters belong to any.</summary>
internal sealed class ScriptPreTokenizer : IPreTokenizer
{
    private const byte AnyScript = byte.MaxValue;

    private static readonly Lazy<byte[]> Scripts = new(MakeScripts);

    public void Split(Workspace workspace)
    {
        var text = workspace.Text.Span;
        var output = workspace.BeginNext();
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            var (start, end) = workspace.Pieces[i];
            var last = -1;
            for (var at = start; at < end;)
            {
                var c = CodePoints.At(text, at, out var length);
                var script = Scripts.Value[c];
                if (script != AnyScript && script != last)
                {
                    // What goes with any script and stands before the first is left out.
                    output.Add(last < 0 ? at : start, at);
                    (start, last) = (at, script);
                }

                at += length;
            }

            output.Add(last < 0 ? end : start, end);
        }

        workspace.TakeNext();
    }

    private static byte[] MakeScripts()
    {
        var scripts = new byte[CodePointSet.End];
        Array.Fill(scripts, AnyScript);
        for (var i = 0; UnicodeTables.Find($"script:{i}") is { } set; i++)
        {
            foreach (var (from, to) in set.Ranges)
            {
                scripts.AsSpan(from, to - from).Fill((byte)i);
            }
        }

        return scripts;
    }
}
