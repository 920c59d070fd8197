using System.Buffers;
using System.Text;
using Serving.Runtime.Tensors;

namespace Serving.Server.Grpc.Infer;

/// <summary>The field <c>datatype</c>: known names cost no allocation.</summary>
internal static class DatatypeText
{
    private static readonly (byte[] Utf8, string Text)[] Known = [.. ElementTypes.AllNames.Select(name => (Encoding.UTF8.GetBytes(name), name))];

    public static bool TryDecode(in ReadOnlySequence<byte> utf8, out string text)
    {
        if (utf8.IsSingleSegment)
        {
            foreach (var (name, known) in Known)
            {
                if (utf8.FirstSpan.SequenceEqual(name))
                {
                    text = known;
                    return true;
                }
            }
        }

        return WireText.TryDecode(utf8, out text);
    }
}
