namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>What an <see cref="Instruction"/> does.</summary>
internal enum Op
{
    /// <summary>The pattern, or the part that is run by itself, has matched.</summary>
    Accept,

    /// <summary>One UTF-16 unit, A.</summary>
    Unit,

    /// <summary>One character of the set.</summary>
    OneOf,

    /// <summary>Min to Max characters of the set, as many as there are; given back one by one.</summary>
    Many,

    /// <summary>As <see cref="Many"/>, never given back.</summary>
    ManyKept,

    /// <summary>The first of the branches that leads to a match.</summary>
    Branch,

    /// <summary>Goes to A.</summary>
    Jump,

    /// <summary>Runs what stands at A to its Accept and goes on at B from where that ended, without a way back into it.</summary>
    Atomic,

    /// <summary>Runs what stands at A ahead; goes on at B from here if it matched.</summary>
    Ahead,

    /// <summary>As <see cref="Ahead"/>, if it did not match.</summary>
    NotAhead,

    /// <summary>Runs each of the branches from as many characters back as it is long; goes on at B from here if one matched.</summary>
    Behind,

    /// <summary>As <see cref="Behind"/>, if none matched.</summary>
    NotBehind,

    /// <summary>A place in the text, the <see cref="AnchorKind"/> in A.</summary>
    Anchor,

    /// <summary>Notes in register A where a repetition starts.</summary>
    Mark,

    /// <summary>Fails if the repetition of register A has matched nothing, so that it cannot repeat for ever.</summary>
    Moved,
}
