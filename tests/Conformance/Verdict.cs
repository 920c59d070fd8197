namespace Serving.Conformance;

/// <summary>How a case ended.</summary>
internal enum Verdict
{
    Ok,
    NotOk,

    /// <summary>The server does not say that it has what the case is about.</summary>
    NotOffered,
}
