using System.Runtime.CompilerServices;

namespace Serving.Server.Rest.Json.Numbers;

/// <summary>Eight decimal digits in one machine word, the first in the lowest byte: all are converted at a time.</summary>
internal static class DigitWord
{
    public const int Digits = 8;
    public const uint Limit = 100_000_000;

    private const ulong AsciiZeros = 0x3030_3030_3030_3030;
    private const ulong HighNibbles = 0xF0F0_F0F0_F0F0_F0F0;

    /// <summary>Whether all eight bytes are the characters 0 to 9.</summary>
    public static bool IsAllDigits(ulong text) =>
        // Above 9 the addition carries into the upper half of a byte; a carry out of a byte only follows one that is no digit itself.
        ((text & HighNibbles) | (((text + 0x0606_0606_0606_0606) & HighNibbles) >> 4)) == 0x3333_3333_3333_3333;

    /// <summary>The number that eight characters are.</summary>
    public static uint ReadText(ulong text) => ReadValues(text - AsciiZeros);

    /// <summary>The number that eight bytes of 0 to 9 are.</summary>
    public static uint ReadValues(ulong values)
    {
        // Neighbours become pairs of two digits, then of four, then of eight.
        values = (values * 10) + (values >> 8);
        return (uint)((((values & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064)
            + (((values >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32);
    }

    /// <summary>The eight digits of a number below <see cref="Limit"/>, leading zeros included, each a byte of 0 to 9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Values(uint number)
    {
        // The multiplications are exact divisions by 100 below 10,000 and by 10 below 100.
        var fours = (number / 10_000) | ((ulong)(number % 10_000) << 32);
        var hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
        var twos = hundreds | ((fours - (hundreds * 100)) << 16);
        var tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
        return tens | ((twos - (tens * 10)) << 8);
    }

    /// <summary>The characters of eight digits.</summary>
    public static ulong Text(ulong values) => values | AsciiZeros;
}
