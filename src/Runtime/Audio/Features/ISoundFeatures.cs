namespace Serving.Runtime.Audio.Features;

/// <summary>What a model hears of a recording, as <c>preprocessor_config.json</c> says. Used by any number of threads at a time.</summary>
internal interface ISoundFeatures
{
    /// <summary>Samples each second that it expects.</summary>
    int Rate { get; }

    /// <summary>The most samples that count; null where all do.</summary>
    int? MostSamples { get; }

    /// <summary>The extents of the features of a number of samples.</summary>
    long[] ShapeOf(int samples);

    /// <summary>Makes the features of a recording at <see cref="Rate"/>.</summary>
    float[] Extract(ReadOnlySpan<float> samples);
}
