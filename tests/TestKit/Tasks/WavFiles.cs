using System.Text;

namespace Serving.TestKit.Tasks;

/// <summary>Writes WAV files as recorders do, right and wrong.</summary>
public static class WavFiles
{
    /// <summary>A file of 16 bits in one channel.</summary>
    public static byte[] Make(IEnumerable<float> samples, int rate) =>
        Make(1, 1, rate, 16, [.. samples.SelectMany(sample => BitConverter.GetBytes((short)Math.Clamp(MathF.Round(sample * 32768), -32768, 32767)))]);

    /// <summary>A file of any format.</summary>
    public static byte[] Make(int code, int channels, int rate, int bits, byte[] data, uint? riffSize = null, uint? dataSize = null, bool isExtensible = false)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var formatSize = isExtensible ? 40 : 16;
        writer.Write(Encoding.ASCII.GetBytes("RIFF"));
        writer.Write(riffSize ?? (uint)(4 + 8 + 5 + 1 + 8 + formatSize + 8 + data.Length));
        writer.Write(Encoding.ASCII.GetBytes("WAVE"));

        // A chunk that nobody knows, of an odd length.
        writer.Write(Encoding.ASCII.GetBytes("junk"));
        writer.Write(5);
        writer.Write(new byte[6]);
        writer.Write(Encoding.ASCII.GetBytes("fmt "));
        writer.Write(formatSize);
        writer.Write((ushort)(isExtensible ? 0xFFFE : code));
        writer.Write((ushort)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((ushort)(channels * bits / 8));
        writer.Write((ushort)bits);
        if (isExtensible)
        {
            writer.Write((ushort)22);
            writer.Write((ushort)bits);
            writer.Write(0);
            writer.Write((ushort)code);
            writer.Write(new byte[14]);
        }

        writer.Write(Encoding.ASCII.GetBytes("data"));
        writer.Write(dataSize ?? (uint)data.Length);
        writer.Write(data);
        return stream.ToArray();
    }
}
