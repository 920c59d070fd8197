using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>Removes some characters and makes others spaces: StripAccents (marks without a width) and Nmt (control characters, all kinds of spaces).</summary>
internal sealed class RemovingNormalizer(CodePointSet removed, CodePointSet? blanks) : INormalizer
{
    public void Normalize(Workspace workspace)
    {
        Filters.Remove(workspace.Text, removed);
        if (blanks is not null)
        {
            Filters.Blank(workspace.Text.InPlace, blanks);
        }
    }
}
