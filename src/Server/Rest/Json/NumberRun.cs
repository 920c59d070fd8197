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
    private Span<T> _free = elements;

    public bool TryRead(ReadOnlySpan<byte> json, ref int at, out int count)
    {
        var free = _free;
        var position = at;
        var filled = 0;
        while (filled < free.Length && (TryReadShort(json, ref position, out var value) || TryReadAny(json, ref position, out value)))
        {
            free[filled++] = value;
            position = JsonSpace.Skip(json, position);
            if ((uint)position >= (uint)json.Length || json[position] != ',')
            {
                at = position;
                count = filled;
                _free = free[filled..];
                return position < json.Length && json[position] == ']';
            }

            position = JsonSpace.Skip(json, position + 1);
        }

        count = 0;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadShort(ReadOnlySpan<byte> json, ref int position, out T value)
    {
        if (ShortNumber.IsSupported && json.Length - position >= ShortNumber.Reach)
        {
            ref var text = ref Unsafe.Add(ref MemoryMarshal.GetReference(json), position);
            if (ShortNumber.TryRead(ref text, out var number, out var length)
                && (Unsafe.Add(ref text, length) is var next && (next == ',' || (next | 0x20) != 'e'))
                && TElement.TryRead(number, out value))
            {
                position += length;
                return true;
            }
        }

        value = default;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryReadAny(ReadOnlySpan<byte> json, ref int position, out T value)
    {
        value = default;
        var rest = position < json.Length ? json[position..] : default;
        if (JsonNumber.TryRead(rest, out var number))
        {
            position += number.Text.Length;
            return TElement.TryRead(number, out value);
        }

        if (rest is [(byte)'"', ..])
        {
            // A string that is not closed, or has an escape, is none that stands for a number.
            var text = rest[1..(1 + Math.Max(0, rest[1..].IndexOf((byte)'"')))];
            position += text.Length + 2;
            return TElement.TryRead(JsonTokenType.String, text, out value);
        }

        var (token, word) = rest.StartsWith("true"u8) ? (JsonTokenType.True, 4) : rest.StartsWith("false"u8) ? (JsonTokenType.False, 5) : default;
        position += word;
        return word > 0 && TElement.TryRead(token, rest[..word], out value);
    }
}
