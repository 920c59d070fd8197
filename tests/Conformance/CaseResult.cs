namespace Serving.Conformance;

/// <summary>How a case ended, and why where it is not well.</summary>
internal sealed record CaseResult(Verdict Verdict, string Why)
{
    public static CaseResult Ok { get; } = new(Verdict.Ok, "");
}
