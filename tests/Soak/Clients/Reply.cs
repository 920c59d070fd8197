using Serving.Soak.Questions;
using Serving.Soak.Reports;

namespace Serving.Soak.Clients;

/// <summary>What came back, whatever the protocol.</summary>
/// <param name="Ending">What the status says; Right still has to be compared.</param>
/// <param name="Output">The output, where there is one.</param>
/// <param name="Text">The status and the message of a failure.</param>
internal sealed record Reply(Ending Ending, Tensor? Output, string Text)
{
    public static Reply Good(Tensor output) => new(Ending.Right, output, "");

    /// <summary>How a request ended: as this says where that is right, else Wrong with the reason.</summary>
    public (Ending Ending, string? Problem) Judge(Question question)
    {
        if (Ending == Ending.Right)
        {
            return question.Difference(Output!) is { } difference ? (Ending.Wrong, $"{question.Model}: {difference}") : (Ending.Right, null);
        }

        return Array.IndexOf(question.May, Ending) >= 0 ? (Ending, null) : (Ending.Wrong, $"{question.Model}: {Text}");
    }
}
