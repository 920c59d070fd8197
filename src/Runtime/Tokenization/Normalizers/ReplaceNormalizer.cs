using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>Every match of a pattern or string gives way to another string, which stands for the last character of what was there.</summary>
internal sealed class ReplaceNormalizer(Matches matches, string content) : INormalizer
{
    public void Normalize(Workspace workspace)
    {
        var text = workspace.Text;
        if (text.Length == 0)
        {
            return;
        }

        workspace.Machine.Begin(text.Length);
        if (!matches.TryFind(text.Span, workspace.Machine, 0, isFirst: true, out var start, out var end))
        {
            return;
        }

        text.BeginRewrite();
        do
        {
            text.CopyTo(start);
            text.Skip(CodePoints.Count(text.Span[start..end]));
            for (var at = 0; at < content.Length;)
            {
                text.Emit(CodePoints.At(content, at, out var length), 1);
                at += length;
            }
        }
        while (matches.TryFind(text.Span, workspace.Machine, end, isFirst: false, out start, out end));

        text.CopyTo(text.Length);
        text.EndRewrite();
    }
}
