using Serving.Runtime.Tasks.Options;

namespace Serving.Runtime.Tasks.Text;

/// <summary>What every task over texts lets its users choose.</summary>
internal static class TextOptions
{
    /// <summary>Arbitrary; far above any model's.</summary>
    private const int MostTokens = 1 << 20;

    public const string Truncate = "truncate";
    public const string Refuse = "refuse";
    public const string Windows = "windows";

    /// <summary>What is done with a text that is longer than the model takes.</summary>
    public static ChoiceOption Overflow { get; } = new(
        "overflow",
        "What is done with a text that is longer than the model takes: truncate cuts its end off, refuse fails, windows runs it in parts and puts the answers together.",
        Truncate, Refuse, Windows);

    public static ChoiceOption TruncationDirection { get; } = new("truncation_direction", "Which end of a text is cut off: right or left. Default right.", "right", "left");

    public static CountOption Stride { get; } = new("stride", "How many tokens a window repeats of the one before, at most half of a window. Default a quarter of it.", 0, MostTokens);

    public static CountOption MaxTokens { get; } = new("max_tokens", "The most tokens of a text, special ones included. Default: what the model's files say.", 1, MostTokens);

    public static IReadOnlyList<TaskOption> All { get; } = [Overflow, TruncationDirection, Stride, MaxTokens];
}
