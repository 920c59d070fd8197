using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Serving.Server.Grpc.Infer;

/// <summary>Strings of a message.</summary>
internal static class WireText
{
    /// <summary>Names and ids are short. Arbitrary, but no text of a request may cost as much memory as its tensors.</summary>
    private const int Longest = 64 * 1024;

    public static bool TryDecode(in ReadOnlySequence<byte> utf8, out string text)
    {
        text = "";
        if (utf8.Length > Longest)
        {
            return false;
        }

        var bytes = utf8.IsSingleSegment ? utf8.FirstSpan : utf8.ToArray();
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(bytes);
        return true;
    }
}
