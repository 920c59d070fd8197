namespace Serving.Server.Rest.Tasks;

/// <summary>A word, or another part of what is said in a recording.</summary>
/// <param name="Text">What was said.</param>
/// <param name="Start">When it began, in seconds.</param>
/// <param name="End">When it ended, in seconds.</param>
internal readonly record struct SpokenWord(string Text, float Start, float End)
{
    /// <summary>The parts that an answer with times has of a recording.</summary>
    public static SpokenWord[] Read(TaskReply reply, int row)
    {
        var first = row * (int)reply.Of(TaskNames.Word).Shape[1];
        var words = new SpokenWord[reply.Longs(TaskNames.Count)[row]];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = new SpokenWord(reply.Text(TaskNames.Word, first + i), reply.Floats(TaskNames.Start)[first + i], reply.Floats(TaskNames.End)[first + i]);
        }

        return words;
    }
}
