using System.Runtime.CompilerServices;

namespace Serving.Server.Rest.Json;

/// <summary>White space between tokens: blank, tab, line feed, carriage return.</summary>
internal static class JsonSpace
{
    /// <summary>The position of the first byte from <paramref name="at"/> on that is none, or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Skip(ReadOnlySpan<byte> json, int at)
    {
        while ((uint)at < (uint)json.Length && json[at] <= ' ' && json[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            at++;
        }

        return at;
    }
}
