using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Serving.Server.Rest.Json.Numbers;

/// <summary>
/// Where numbers end and where their points are, and whether they are spelt as JSON demands, for 64 bytes at a time. Looking at
/// many keeps what the processor must wait for, where the next number begins, apart from the work on each number.
/// </summary>
internal static class NumberBlock
{
    public const int Bytes = 64;

    /// <summary>
    /// A bit for each byte from <paramref name="text"/> on, the start of a number. <c>Ends</c>: the byte belongs to no number without
    /// exponent, or it is where such a number is misspelt; so what stands before a comma is a number. <c>Points</c>: it is a point.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong Ends, ulong Points) Find(ref readonly byte text)
    {
        var (lower, upper) = (Vector256.LoadUnsafe(in text), Vector256.LoadUnsafe(in text, 32));
        var digits = FindDigits(lower) | ((ulong)FindDigits(upper) << 32);
        var zeros = Find(lower, '0') | ((ulong)Find(upper, '0') << 32);
        var points = Find(lower, '.') | ((ulong)Find(upper, '.') << 32);
        var minuses = Find(lower, '-') | ((ulong)Find(upper, '-') << 32);

        // 1. A point stands between digits; a minus before one and not within a number.
        var numbers = digits | points | minuses;
        var wrong = ((points | minuses) & ~(digits >> 1)) | (points & ~(digits << 1)) | (minuses & (numbers << 1));

        // 2. No digit after a zero that a number begins with.
        var starts = numbers & ~(numbers << 1);
        var firstDigits = (starts & ~minuses) | ((starts & minuses) << 1);
        wrong |= ((firstDigits & zeros) << 1) & digits;

        // 3. No second point: the sum carries from the first digit behind a point over all of them to what follows.
        wrong |= ((points << 1) + digits) & ~digits & points;
        return (~numbers | wrong, points);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FindDigits(Vector256<byte> bytes)
    {
        var values = bytes - Vector256.Create((byte)'0');
        return Vector256.Equals(Vector256.Min(values, Vector256.Create((byte)9)), values).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Find(Vector256<byte> bytes, char character) =>
        Vector256.Equals(bytes, Vector256.Create((byte)character)).ExtractMostSignificantBits();
}
