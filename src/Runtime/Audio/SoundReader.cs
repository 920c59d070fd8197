using System.Buffers;
using Serving.Runtime.Audio.Flac;
using Serving.Runtime.Audio.Wav;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Audio;

/// <summary>Reads files of sound: WAV and FLAC. Their channels are averaged.</summary>
internal static class SoundReader
{
    /// <summary>Reads a whole file. What its header announces is never believed before the bytes are there.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="limits">How long it may be.</param>
    public static Outcome<Sound> Read(in ReadOnlySequence<byte> file, SoundLimits limits)
    {
        var bytes = file.IsSingleSegment ? file.FirstSpan : file.ToArray();
        try
        {
            return WavReader.Fits(bytes) ? WavReader.Read(bytes, limits)
                : FlacReader.Fits(bytes) ? FlacReader.Read(bytes, limits)
                : InferenceFailure.InvalidInput($"the recording is {Name(bytes)}; understood are WAV and FLAC");
        }
        catch (InvalidDataException error)
        {
            return InferenceFailure.InvalidInput($"the recording cannot be read: {error.Message}");
        }
        catch (SoundTooLongException error)
        {
            return InferenceFailure.TooLarge(error.Message);
        }
    }

    private static string Name(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "empty",
        [(byte)'I', (byte)'D', (byte)'3', ..] or [0xFF, >= 0xE0, ..] => "an MP3 file",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => "an Ogg file",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'X', ..] => "a WAV file with its bytes reversed (RIFX)",
        [(byte)'F', (byte)'O', (byte)'R', (byte)'M', ..] => "an AIFF file",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "an MP4 file",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "a WebM or Matroska file",
        _ => "of an unknown kind",
    };
}
