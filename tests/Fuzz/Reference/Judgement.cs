namespace Serving.Fuzz.Reference;

/// <summary>What a reference says about an input. Worse ones come later: of two, the later one counts.</summary>
internal enum Judgement
{
    /// <summary>It must be accepted.</summary>
    Valid,

    /// <summary>It uses what the reference does not know.</summary>
    Unknown,

    /// <summary>It must be refused.</summary>
    Invalid,
}
