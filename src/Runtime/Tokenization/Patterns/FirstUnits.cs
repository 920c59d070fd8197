using System.Runtime.CompilerServices;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>What a part of a pattern can begin with: a bit for each ASCII character, one for all others, and whether it can match the empty text.</summary>
internal readonly record struct FirstUnits(ulong Low, ulong High, bool Others, bool CanBeEmpty)
{
    /// <summary>Nothing but the empty text.</summary>
    public static FirstUnits Empty { get; } = new(0, 0, false, true);

    /// <summary>Whether a match can begin with this unit; -1 stands for the end of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Allows(int unit) => CanBeEmpty || unit switch
    {
        < 0 => false,
        < 64 => (Low & (1UL << unit)) != 0,
        < 128 => (High & (1UL << (unit - 64))) != 0,
        _ => Others,
    };

    /// <summary>What one part or another can begin with.</summary>
    public FirstUnits Or(FirstUnits other) => new(Low | other.Low, High | other.High, Others || other.Others, CanBeEmpty || other.CanBeEmpty);

    /// <summary>What this part with another behind it can begin with.</summary>
    public FirstUnits Then(FirstUnits other) => CanBeEmpty ? Or(other) with { CanBeEmpty = other.CanBeEmpty } : this;

    /// <summary>What a pattern can begin with.</summary>
    public static FirstUnits Of(Node node)
    {
        switch (node)
        {
            case Node.Literal literal:
                return OfRange(literal.CodePoint, literal.CodePoint + 1);
            case Node.OneOf one:
                return one.Set.Ranges.Aggregate(new FirstUnits(0, 0, false, false), (all, r) => all.Or(OfRange(r.From, r.To)));
            case Node.Sequence sequence:
                return sequence.Parts.Aggregate(Empty, (all, part) => all.Then(Of(part)));
            case Node.Alternatives alternatives:
                return alternatives.Choices.Select(Of).Aggregate((all, one) => all.Or(one));
            case Node.Repeat repeat:
                var body = repeat.Max == 0 ? Empty : Of(repeat.Body);
                return repeat.Min == 0 ? body with { CanBeEmpty = true } : body;
            case Node.Atomic atomic:
                return Of(atomic.Body);
            default:
                return Empty;
        }
    }

    private static FirstUnits OfRange(int from, int to)
    {
        ulong low = 0, high = 0;
        for (var c = from; c < Math.Min(to, 128); c++)
        {
            low |= c < 64 ? 1UL << c : 0;
            high |= c < 64 ? 0 : 1UL << (c - 64);
        }

        return new FirstUnits(low, high, to > 128, false);
    }
}
