using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>One after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> steps) : INormalizer
{
    public void Normalize(Workspace workspace)
    {
        foreach (var step in steps)
        {
            step.Normalize(workspace);
        }
    }
}
