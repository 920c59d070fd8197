namespace Serving.Runtime.Audio.Features;

/// <summary>Pitch as it is heard, by frequency in hertz.</summary>
internal enum MelScale
{
    /// <summary>Linear below 1000 Hz and logarithmic above, as in Slaney's Auditory Toolbox.</summary>
    Slaney,

    /// <summary>1127 ln(1 + f / 700), as Kaldi has it.</summary>
    Kaldi,
}
