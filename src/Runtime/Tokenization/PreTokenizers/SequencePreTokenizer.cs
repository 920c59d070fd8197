using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>One after the other.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    public void Split(Workspace workspace)
    {
        foreach (var step in steps)
        {
            step.Split(workspace);
        }
    }
}
