namespace Serving.Runtime.Audio.Wav;

/// <summary>How a WAV file writes a sample, with the number that says so.</summary>
internal enum WavCoding
{
    Whole = 1,
    Float = 3,
    ALaw = 6,
    MuLaw = 7,
}
