using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>A pattern as it was read.</summary>
internal abstract record Node
{
    /// <summary>One character of a set.</summary>
    public sealed record OneOf(CodePointSet Set) : Node;

    /// <summary>A character that is written in the pattern.</summary>
    public sealed record Literal(int CodePoint) : Node;

    /// <summary>One after the other; without parts it matches the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<Node> Parts) : Node;

    /// <summary>The first that matches.</summary>
    public sealed record Alternatives(IReadOnlyList<Node> Choices) : Node;

    /// <summary>Repeated; <see cref="int.MaxValue"/> stands for any number of times.</summary>
    public sealed record Repeat(Node Body, int Min, int Max, RepeatMode Mode) : Node;

    /// <summary>What it matched first is never given back.</summary>
    public sealed record Atomic(Node Body) : Node;

    /// <summary>Whether something stands here, ahead or behind.</summary>
    public sealed record Look(Node Body, bool IsBehind, bool IsNegative) : Node;

    /// <summary>A place in the text.</summary>
    public sealed record Anchor(AnchorKind Kind) : Node;
}
