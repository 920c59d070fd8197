using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>Lower case, character by character, in no language in particular.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    public void Normalize(Workspace workspace) => Filters.ToLower(workspace.Text);
}
