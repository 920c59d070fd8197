using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Serving.Server.Rest.Json.Numbers;

/// <summary>
/// A number of at most 15 characters without an exponent, which most are, read within one vector and without a branch that
/// depends on where its point stands or how many digits it has: numbers of an array differ in that, and every wrong guess of the
/// processor would cost more than all the rest.
/// </summary>
/// <param name="digits">All digits as a whole number.</param>
/// <param name="decimals">How many of them stand behind the point.</param>
/// <param name="minuses">1 where there is a minus, else 0.</param>
internal readonly struct ShortNumber(long digits, int decimals, int minuses)
{
    /// <summary>The most characters: that many digits are less than 2^53.</summary>
    public const int MostCharacters = 15;

    /// <summary>How many bytes must be readable from a number's start.</summary>
    public const int Reach = 16;

    public static bool IsSupported => Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    public long Digits => digits;

    public int Decimals => decimals;

    /// <summary>1 where there is a minus, else 0: signs are as good as random, and a number can be used without a branch.</summary>
    public int Minuses => minuses;

    /// <summary>The digits with their sign; of minus zero it is lost.</summary>
    public long SignedDigits => (digits ^ -minuses) + minuses;

    /// <summary>Reads a number that is known to be spelt right.</summary>
    /// <param name="text">The first of <see cref="Reach"/> bytes.</param>
    /// <param name="length">From 1 to <see cref="MostCharacters"/>.</param>
    /// <param name="point">The point's position, or <paramref name="length"/> where there is none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortNumber Read(ref readonly byte text, int length, int point)
    {
        // Digits go to the right end and close up over the point; everything else becomes zero.
        var pointLength = point == length ? 0 : 1;
        var values = Vector128.SubtractSaturate(Vector128.LoadUnsafe(in text), Vector128.Create((byte)'0'));
        var from = Vector128<byte>.Indices + Vector128.Create((byte)(length - pointLength - Reach));
        var behindPoint = Vector128.GreaterThan(from.AsSByte(), Vector128.Create((sbyte)(point - 1))).AsByte();
        var aligned = Vector128.ShuffleNative(values, from - behindPoint);
        return new ShortNumber(ToNumber(aligned), length - point - pointLength, text == '-' ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long ToNumber(Vector128<byte> values)
    {
        if (!Sse41.IsSupported)
        {
            var words = values.AsUInt64();
            return ((long)DigitWord.ReadValues(words[0]) * DigitWord.Limit) + DigitWord.ReadValues(words[1]);
        }

        var twos = Ssse3.MultiplyAddAdjacent(values, Vector128.Create((ushort)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(twos, Vector128.Create(0x0001_0064).AsInt16());
        var eights = Sse2.MultiplyAddAdjacent(
            Sse41.PackUnsignedSaturate(fours, fours).AsInt16(), Vector128.Create(0x0001_2710).AsInt16()).AsUInt64()[0];
        return ((long)(uint)eights * DigitWord.Limit) + (long)(eights >> 32);
    }
}
