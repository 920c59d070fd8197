using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>A step that splits pieces of a normalized text into smaller ones; a model never sees across two.</summary>
internal interface IPreTokenizer
{
    /// <summary>Replaces the workspace's pieces.</summary>
    void Split(Workspace workspace);
}
