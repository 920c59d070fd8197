using System.Numerics;

namespace Serving.Server.Rest.Json.Elements;

/// <summary>
/// NaN and the infinities, for which JSON has no number: the strings <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>,
/// in both directions. Strict parsers accept them, and Python's <c>float()</c>, JavaScript's <c>Number()</c> and .NET's named
/// literals understand them. The bare words are no JSON: they are not written here, and are put in quotes before they are read
/// (<see cref="BareNumbers"/>).
/// </summary>
internal static class NonFinite
{
    private static ReadOnlySpan<byte> NaN => "NaN"u8;

    private static ReadOnlySpan<byte> Positive => "Infinity"u8;

    private static ReadOnlySpan<byte> Negative => "-Infinity"u8;

    public static bool TryRead<T>(ReadOnlySpan<byte> text, out T value)
        where T : IBinaryFloatingPointIeee754<T>
    {
        value = text.SequenceEqual(Positive) ? T.PositiveInfinity : text.SequenceEqual(Negative) ? T.NegativeInfinity : T.NaN;
        return T.IsInfinity(value) || text.SequenceEqual(NaN);
    }

    public static int Write<T>(T value, Span<byte> target)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var word = T.IsNaN(value) ? NaN : T.IsPositive(value) ? Positive : Negative;
        target[0] = (byte)'"';
        word.CopyTo(target[1..]);
        target[word.Length + 1] = (byte)'"';
        return word.Length + 2;
    }
}
