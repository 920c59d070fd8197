using System.Buffers.Binary;

namespace Serving.Runtime.Audio.Wav;

/// <summary>
/// Reads WAV files (Microsoft's "Multimedia Programming Interface and Data Specifications", and EBU Tech 3306 for RF64). Recorders
/// that stream cannot know how long a file becomes: where a size is missing or reaches beyond the file, the file's end is the end.
/// </summary>
internal static class WavReader
{
    private const int HeaderLength = 12;
    private const int ChunkHeaderLength = 8;

    /// <summary>Whether the bytes begin as a WAV file does.</summary>
    public static bool Fits(ReadOnlySpan<byte> file) =>
        file.Length >= HeaderLength && (file.StartsWith("RIFF"u8) || file.StartsWith("RF64"u8) || file.StartsWith("BW64"u8)) && file[8..].StartsWith("WAVE"u8);

    /// <exception cref="InvalidDataException">It is damaged, or coded in a way that is not understood.</exception>
    /// <exception cref="SoundTooLongException">It is too long.</exception>
    public static Sound Read(ReadOnlySpan<byte> file, SoundLimits limits)
    {
        WavFormat? format = null;
        var announced = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        var isOpen = announced is 0 or uint.MaxValue || announced > file.Length - ChunkHeaderLength;
        for (long at = HeaderLength; at + ChunkHeaderLength <= file.Length;)
        {
            var header = file[(int)at..];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            var rest = header[ChunkHeaderLength..];
            if (header.StartsWith("data"u8))
            {
                var found = format ?? throw new InvalidDataException("its samples come before their format");
                return new Sound(WavSamples.Read(size > rest.Length || (size == 0 && isOpen) ? rest : rest[..(int)size], found, limits), found.Rate);
            }

            if (header.StartsWith("fmt "u8))
            {
                format = WavFormat.Read(rest[..(int)Math.Min(size, rest.Length)]);
            }

            // Chunks begin at even places.
            at += ChunkHeaderLength + (long)size + (size & 1);
        }

        throw new InvalidDataException(format is null ? "it has no format ('fmt ')" : "it has no samples ('data')");
    }
}
