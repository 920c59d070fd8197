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
        for (count = 0; count < free.Length; position = JsonSpace.Skip(json, position + 1))
        {
            if (!TryReadShort(json, ref position, out free[count]) && !TryReadAny(json, ref position, out free[count]))
            {
                return false;
            }

            count++;
            position = JsonSpace.Skip(json, position);
            if (position >= json.Length || json[position] != ',')
            {
                at = position;
                _free = free[count..];
                return position < json.Length && json[position] == ']';
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadShort(ReadOnlySpan<byte> json, ref int position, out T value)
    {
        value = default;
        if (!ShortNumber.IsSupported || json.Length - position < ShortNumber.Reach
            || !ShortNumber.TryRead(ref Unsafe.Add(ref MemoryMarshal.GetReference(json), position), out var number, out var length)
            || !TElement.TryRead(number, out value))
        {
            return false;
        }

        position += length;
        return true;
    }

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
