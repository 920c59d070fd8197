using Serving.Runtime.Tokenization.PreTokenizers;
using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>Every byte of the text's UTF-8 becomes a character of GPT-2's alphabet.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    public void Normalize(Workspace workspace)
    {
        workspace.Text.BeginRewrite();
        ByteAlphabet.Rewrite(workspace.Text, workspace.Text.Length);
        workspace.Text.EndRewrite();
    }
}
