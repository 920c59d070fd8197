namespace Serving.Runtime.Tasks.Text;

/// <summary>A token of a text with its score for each class.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Word">The token, or the text of a word where tokens were put together.</param>
/// <param name="Scores">By class.</param>
/// <param name="Start">Where it begins in the text, in code points.</param>
/// <param name="End">Where it ends.</param>
/// <param name="IsSubword">Whether it continues the word of the token before it.</param>
/// <param name="Index">Its place among the tokens.</param>
internal sealed record ScoredToken(int Id, string Word, float[] Scores, int Start, int End, bool IsSubword, int Index)
{
    /// <summary>The class with the highest score.</summary>
    public int Best { get; } = Array.IndexOf(Scores, Scores.Max());
}
