using System.Buffers.Binary;
using System.IO.Compression;

namespace Serving.Runtime.Images.Encoding;

/// <summary>Writes PNG files of 8-bit grey or colours (PNG specification, third edition). Fast rather than small.</summary>
internal static class PngWriter
{
    private const byte None = 0;
    private const byte Sub = 1;
    private const byte Up = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>The file.</summary>
    /// <param name="samples">Row after row from the top, samples of a pixel beside one another.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    public static byte[] Write(ReadOnlySpan<byte> samples, int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(samples.Length, (long)width * height * channels);
        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = channels switch { 1 => 0, 3 => 2, _ => throw new ArgumentOutOfRangeException(nameof(channels)) };
        header[10..].Clear();
        WriteChunk(file, "IHDR"u8, header);
        using var data = new MemoryStream();
        using (var compressed = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            WriteRows(compressed, samples, width * channels, height, channels);
        }

        WriteChunk(file, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void WriteRows(ZLibStream to, ReadOnlySpan<byte> samples, int stride, int height, int channels)
    {
        var line = new byte[stride + 1];
        for (var y = 0; y < height; y++)
        {
            var row = samples.Slice(y * stride, stride);
            Filter(row, y == 0 ? [] : samples.Slice((y - 1) * stride, stride), channels, line);
            to.Write(line);
        }
    }

    /// <summary>Rows like the one above become zeros; else differences from the pixel before, unless those are larger than the samples.</summary>
    private static void Filter(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int channels, Span<byte> line)
    {
        var values = line[1..];
        if (!above.IsEmpty && Size(row, above, 0) is var up && up <= Math.Min(Size(row, row, channels), Size(row, [], 0)))
        {
            line[0] = Up;
            for (var i = 0; i < row.Length; i++)
            {
                values[i] = (byte)(row[i] - above[i]);
            }
        }
        else if (Size(row, row, channels) < Size(row, [], 0))
        {
            line[0] = Sub;
            for (var i = 0; i < row.Length; i++)
            {
                values[i] = (byte)(row[i] - (i < channels ? 0 : row[i - channels]));
            }
        }
        else
        {
            line[0] = None;
            row.CopyTo(values);
        }
    }

    /// <summary>How far samples lie from others, summed: what compresses worse is larger.</summary>
    private static long Size(ReadOnlySpan<byte> row, ReadOnlySpan<byte> from, int distance)
    {
        var sum = 0L;
        for (var i = distance; i < row.Length; i++)
        {
            sum += Math.Abs((int)(sbyte)(row[i] - (from.IsEmpty ? 0 : from[i - distance])));
        }

        return sum;
    }

    private static void WriteChunk(MemoryStream to, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        to.Write(number);
        to.Write(type);
        to.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~PngChecksum.Continue(PngChecksum.Continue(uint.MaxValue, type), data));
        to.Write(number);
    }
}
