using System.Text;

namespace Serving.Server.Http2.Hpack;

/// <summary>
/// Writes header fields without having the client remember any: what a response of gRPC says takes some thirty bytes, and a writer
/// without memory cannot be wrong about what the client remembers.
/// </summary>
internal static class HpackWriter
{
    /// <summary>What a field may take beyond its text: its first byte, the name's number, and two lengths.</summary>
    private const int MostBeyondText = 1 + 5 + 5 + 5;

    private const int StatusIndex = 8;

    /// <summary>The most that a status takes.</summary>
    public const int MostStatus = 5;

    /// <summary>The most that a field takes.</summary>
    public static int Most(string name, string value) => MostBeyondText + name.Length + value.Length;

    /// <summary>Writes the status and returns how many bytes it took.</summary>
    public static int WriteStatus(Span<byte> target, int status)
    {
        var known = status switch { 200 => 8, 204 => 9, 206 => 10, 304 => 11, 400 => 12, 404 => 13, 500 => 14, _ => 0 };
        if (known != 0)
        {
            target[0] = (byte)(0x80 | known);
            return 1;
        }

        target[0] = StatusIndex;
        target[1] = 3;
        target[2] = (byte)('0' + (status / 100));
        target[3] = (byte)('0' + (status / 10 % 10));
        target[4] = (byte)('0' + (status % 10));
        return MostStatus;
    }

    /// <summary>Writes a field and returns how many bytes it took. What is not ASCII in the value becomes a question mark.</summary>
    public static int WriteField(Span<byte> target, string name, string value)
    {
        var written = 0;
        if (StaticTable.Find(name) is var index and not 0)
        {
            written = HpackInteger.Write(target, 0, 4, index);
        }
        else
        {
            target[written++] = 0;
            written += WriteText(target[written..], name);
            Lower(target.Slice(written - name.Length, name.Length));
        }

        return written + WriteText(target[written..], value);
    }

    private static int WriteText(Span<byte> target, string text)
    {
        var written = HpackInteger.Write(target, 0, 7, text.Length);
        return written + Encoding.ASCII.GetBytes(text, target[written..]);
    }

    private static void Lower(Span<byte> name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] is >= (byte)'A' and <= (byte)'Z')
            {
                name[i] |= 0x20;
            }
        }
    }
}
