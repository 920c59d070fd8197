using System.Globalization;
using Serving.Runtime.Audio;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>The seconds of sound that a request may bring, whichever of its recordings they are in.</summary>
/// <param name="seconds">How many.</param>
internal sealed class SoundBudget(double seconds)
{
    private readonly Lock _lock = new();
    private double _taken;

    /// <summary>How long the next recording may be.</summary>
    public SoundLimits Limits
    {
        get
        {
            lock (_lock)
            {
                return new SoundLimits(Math.Max(seconds - _taken, 0));
            }
        }
    }

    /// <summary>Takes a recording off; a failure where it is too much.</summary>
    public InferenceFailure? Take(Sound sound)
    {
        lock (_lock)
        {
            _taken += sound.Seconds;
            return _taken <= seconds ? null : InferenceFailure.TooLarge(
                string.Create(CultureInfo.InvariantCulture, $"the recordings of the request are together longer than {seconds:0.###} seconds, which are allowed"));
        }
    }
}
