using System.Runtime.CompilerServices;

namespace Serving.Server.Rest.Json;

/// <summary>White space between tokens: blank, tab, line feed, carriage return.</summary>
internal static class JsonSpace
{
    /// <summary>The position of the first byte from <paramref name="at"/> on that is none, or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Skip(ReadOnlySpan<byte> json, int at)
    {
        // None at all, or one blank, as most writers put it: the loop stays out of the way.
        if ((uint)at < (uint)json.Length && json[at] == ' ')
        {
            at++;
        }

        return (uint)at < (uint)json.Length && json[at] <= ' ' ? SkipMore(json, at) : at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SkipMore(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            at++;
        }

        return at;
    }
}
