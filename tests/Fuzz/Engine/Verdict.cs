namespace Serving.Fuzz.Engine;

/// <summary>What became of an input.</summary>
/// <param name="IsAccepted">Whether it was read, not refused.</param>
/// <param name="Text">How, or why not.</param>
internal readonly record struct Verdict(bool IsAccepted, string Text)
{
    public static Verdict Accepted(string how = "") => new(true, how);

    public static Verdict Refused(string why) => new(false, why);
}
