using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>A step that changes a text before it is split, keeping track of what stands for what.</summary>
internal interface INormalizer
{
    /// <summary>Changes the workspace's text.</summary>
    void Normalize(Workspace workspace);
}
