using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Serving.Server.Classification;

/// <summary>Writes classes as byte strings, each with its length before it.</summary>
internal sealed class ClassStrings(IReadOnlyList<string> labels)
{
    private readonly ArrayBufferWriter<byte> _strings = new();

    public ReadOnlyMemory<byte> Written => _strings.WrittenMemory;

    public void Add<T>(T value, int index)
        where T : IFormattable
    {
        var text = Format(value) + ":" + index.ToString(CultureInfo.InvariantCulture);
        if (index < labels.Count && labels[index].Length > 0)
        {
            text += ":" + labels[index];
        }

        var bytes = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32LittleEndian(_strings.GetSpan(sizeof(int)), bytes);
        _strings.Advance(sizeof(int));
        _strings.Advance(Encoding.UTF8.GetBytes(text, _strings.GetSpan(bytes)));
    }

    /// <summary>As C++'s <c>std::to_string</c> does, and so Triton: integers as they are, others with six decimals.</summary>
    public static string Format<T>(T value)
        where T : IFormattable => value switch
    {
        float single => Format((double)single),
        double number => Format(number),
        Half half => Format((double)half),
        _ => value.ToString(null, CultureInfo.InvariantCulture),
    };

    private static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            return (double.IsNegative(value) ? "-" : "") + (double.IsNaN(value) ? "nan" : "inf");
        }

        // Only odd multiples of 1/128 lie exactly between two numbers of six decimals. C rounds them to the even one, .NET away from zero.
        if (Math.Abs(value) * 128 % 2 == 1 && value.ToString("F7", CultureInfo.InvariantCulture) is var exact && (exact[^2] - '0') % 2 == 0)
        {
            return exact[..^1];
        }

        return value.ToString("F6", CultureInfo.InvariantCulture);
    }
}
