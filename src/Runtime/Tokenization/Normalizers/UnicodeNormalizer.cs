using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>NFC, NFD, NFKC and NFKD.</summary>
internal sealed class UnicodeNormalizer(bool compatible, bool compose) : INormalizer
{
    public void Normalize(Workspace workspace) => Normalization.Normalize(workspace.Text, compatible, compose);
}
