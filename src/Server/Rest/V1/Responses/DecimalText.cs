using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Responses;

/// <summary>
/// Writes floating-point numbers as TensorFlow Serving does: whole ones with <c>.0</c>, so that typed clients see the same type
/// in every element, and NaN and the infinities as bare words.
/// </summary>
internal static class DecimalText
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create(".eE\""u8);

    /// <summary>Writes elements with commas between them.</summary>
    public static void Write<T, TElement>(PooledBufferWriter json, ReadOnlySpan<byte> data)
        where T : unmanaged
        where TElement : struct, IJsonElement<T>
    {
        // An element, ".0" and a comma.
        var elements = MemoryMarshal.Cast<byte, T>(data);
        var target = json.GetSpan(elements.Length * (TElement.Room + 3));
        var length = 0;
        foreach (var element in elements)
        {
            var text = target[length..];
            var written = TElement.Write(element, text);
            var mark = text[..written].IndexOfAny(Marks);
            if (mark < 0)
            {
                ".0"u8.CopyTo(text[written..]);
                written += 2;
            }
            else if (text[mark] == (byte)'"')
            {
                text[1..(written - 1)].CopyTo(text);
                written -= 2;
            }

            target[length + written] = (byte)',';
            length += written + 1;
        }

        json.Advance(Math.Max(0, length - 1));
    }
}
