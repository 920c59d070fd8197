using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Serving.Server.Rest.Json.Numbers;

namespace Serving.Server.Rest.Json;

/// <summary>Reads elements of a fixed-size type into <paramref name="elements"/>, one after the other.</summary>
internal ref struct NumberRun<T, TElement>(Span<T> elements) : IElementRun
    where T : unmanaged
    where TElement : struct, IJsonElement<T>
{
    /// <summary>
    /// How many numbers are read between two looks at the bytes ahead. Always the same number, so that the processor foresees it;
    /// four of usual length are within a block.
    /// </summary>
    private const int NumbersPerBlock = 4;

    /// <summary>Where no short number is found, so many elements are read before the next look: arrays of long ones are common. Arbitrary.</summary>
    private const int Pause = 7;

    private Span<T> _free = elements;

    public bool TryRead(ReadOnlySpan<byte> json, ref int at, out int count)
    {
        var (filled, pause) = (0, 0);
        while (true)
        {
            if (pause-- == 0)
            {
                var read = ReadShort(json, ref at, _free[filled..]);
                filled += read;
                pause = read == 0 ? Pause : 0;
            }

            if (filled == _free.Length || ReadAny(json, at, out _free[filled]) is not (> 0 and var length))
            {
                count = 0;
                return false;
            }

            filled++;
            at = JsonSpace.Skip(json, at + length);
            if (at == json.Length || json[at] != ',')
            {
                count = filled;
                _free = _free[filled..];
                return at < json.Length && json[at] == ']';
            }

            at = JsonSpace.Skip(json, at + 1);
        }
    }

    /// <summary>
    /// Reads short numbers that have a comma and at most one blank behind them, and stops at everything else. No method is called
    /// here, so that all variables stay in registers.
    /// </summary>
    private static int ReadShort(ReadOnlySpan<byte> json, ref int at, Span<T> free)
    {
        if (!ShortNumber.IsSupported)
        {
            return 0;
        }

        var (filled, left) = (0, 0);
        var (ends, points) = (0UL, 0UL);
        ref var start = ref MemoryMarshal.GetReference(json);
        ref var text = ref Unsafe.Add(ref start, at);
        while (filled < free.Length)
        {
            // No end is left where the block ends within a number.
            if (left == 0 || ends == 0)
            {
                if (json.Length - Unsafe.ByteOffset(ref start, ref text) < NumberBlock.Bytes + ShortNumber.Reach)
                {
                    break;
                }

                (ends, points) = NumberBlock.Find(ref text);
                left = NumbersPerBlock;
            }

            var length = BitOperations.TrailingZeroCount(ends);
            if ((uint)(length - 1) >= ShortNumber.MostCharacters || Unsafe.Add(ref text, length) != ',')
            {
                break;
            }

            var point = BitOperations.TrailingZeroCount(points | (1UL << length));
            if (!TElement.TryRead(ShortNumber.Read(ref text, length, point), out free[filled]))
            {
                break;
            }

            filled++;
            left--;
            length += Unsafe.Add(ref text, length + 1) == ' ' ? 2 : 1;
            ends >>= length;
            points >>= length;
            text = ref Unsafe.Add(ref text, length);
        }

        at = (int)Unsafe.ByteOffset(ref start, ref text);
        return filled;
    }

    /// <summary>The length of the element that stands at a position, or 0 where none of this type does.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadAny(ReadOnlySpan<byte> json, int position, out T value)
    {
        value = default;
        var rest = position < json.Length ? json[position..] : default;
        if (JsonNumber.TryRead(rest, out var number))
        {
            return TElement.TryRead(number, out value) ? number.Text.Length : 0;
        }

        if (rest is [(byte)'"', ..])
        {
            // A string that is not closed, or has an escape, is none that stands for a number.
            var text = rest[1..(1 + Math.Max(0, rest[1..].IndexOf((byte)'"')))];
            return TElement.TryRead(JsonTokenType.String, text, out value) ? text.Length + 2 : 0;
        }

        var (token, length) = rest.StartsWith("true"u8) ? (JsonTokenType.True, 4) : rest.StartsWith("false"u8) ? (JsonTokenType.False, 5) : default;
        return length > 0 && TElement.TryRead(token, rest[..length], out value) ? length : 0;
    }
}
