namespace Serving.Runtime.Tasks.Text;

/// <summary>How much a token of the vocabulary matters to a text.</summary>
/// <param name="Index">The token's number.</param>
/// <param name="Value">How much, above 0.</param>
internal readonly record struct SparseEntry(int Index, float Value);
