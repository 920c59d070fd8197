namespace Serving.Runtime.Tasks;

/// <summary>
/// How large an output may become whose rows are all as long as the longest: one long row among many short ones is a small request with
/// an answer that no machine holds.
/// </summary>
internal static class AnswerSize
{
    /// <summary>The most elements of an output. Arbitrary: as numbers they are 1 GiB, four times what a request may bring by default.</summary>
    public const int Most = 1 << 28;

    /// <param name="rows">How many rows there are.</param>
    /// <param name="elements">The elements of the longest row.</param>
    /// <exception cref="AnswerTooLargeException">They are too many.</exception>
    public static void Check(int rows, long elements)
    {
        if (elements > Most / Math.Max(rows, 1))
        {
            throw new AnswerTooLargeException(
                $"an output of the answer would have {rows} rows of {elements} elements, all as long as the longest; allowed are {Most} elements, so ask for the longest rows by themselves");
        }
    }
}
