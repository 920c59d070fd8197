using System.Text.Json;
using Serving.Runtime.Audio.Features;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>Reads from <c>preprocessor_config.json</c> what a model hears.</summary>
internal static class SoundFeatures
{
    private const string File = "preprocessor_config.json";
    private const string Raw = "Wav2Vec2FeatureExtractor";
    private const string Kaldi = "ASTFeatureExtractor";
    private const string Whisper = "WhisperFeatureExtractor";

    /// <summary>Whether there is such a file and its kind is known.</summary>
    public static bool AreDescribed(TaskMaterial material) => Kind(material.Files.ReadJson(File)) is Raw or Kaldi or Whisper;

    /// <exception cref="TaskException">There is no description, it is not understood, or the graph takes something else.</exception>
    public static ISoundFeatures Read(TaskMaterial material, TensorSignature input, SoundConvolutions convolutions)
    {
        var written = material.Files.ReadJson(File) ?? throw new TaskException($"there is no {File} beside the graph");
        var rate = Count(written, "sampling_rate", 16_000, 1000, 192_000);
        ISoundFeatures features = Kind(written) switch
        {
            Raw => new RawFeatures(rate, written.Field("do_normalize").AsFlag() ?? true, convolutions.Least, FixedLength(input)),
            Kaldi => ReadKaldi(written, rate),
            Whisper => ReadWhisper(written, rate),
            var other => throw new TaskException($"{File}: the feature_extractor_type '{other}' is not understood; known are {Raw}, {Kaldi} and {Whisper}"),
        };
        Check(input, features);
        return features;
    }

    private static string? Kind(JsonElement? written) => written.Field("feature_extractor_type").AsText();

    private static KaldiFeatures ReadKaldi(JsonElement written, int rate)
    {
        (double, double)? normal = written.Field("do_normalize").AsFlag() ?? true
            ? (written.Field("mean").AsNumber() ?? -4.2677393, written.Field("std").AsNumber() ?? 4.5689974)
            : null;
        return new KaldiFeatures(rate, Count(written, "num_mel_bins", 128, 1, 1024), Count(written, "max_length", 1024, 1, 100_000), normal);
    }

    private static WhisperFeatures ReadWhisper(JsonElement written, int rate)
    {
        var length = Count(written, "n_fft", 400, 16, 8192);
        var step = Count(written, "hop_length", 160, 16, length);
        var samples = rate * Count(written, "chunk_length", 30, 1, 600);
        return samples > length
            ? new WhisperFeatures(rate, Count(written, "feature_size", 80, 1, 1024), length, step, samples)
            : throw new TaskException($"{File}: n_fft is longer than a recording");
    }

    private static int Count(JsonElement written, string name, int otherwise, int least, int most)
    {
        var count = written.Field(name).AsCount() ?? otherwise;
        return count >= least && count <= most ? count : throw new TaskException($"{File}: {name} is {count}, expected {least} to {most}");
    }

    private static int? FixedLength(TensorSignature input) => input is { HasRank: true, Shape.Rank: 2 } && input.Shape[1] > 0 ? (int)Math.Min(input.Shape[1], int.MaxValue) : null;

    private static void Check(TensorSignature input, ISoundFeatures features)
    {
        var made = features.ShapeOf(features.MostSamples ?? 0);
        var fits = !input.HasRank || (input.Shape.Rank == made.Length + 1 && input.Shape[0] <= 1);
        for (var axis = 0; fits && input.HasRank && axis < made.Length; axis++)
        {
            fits = features.MostSamples is null || input.Shape[axis + 1] < 0 || input.Shape[axis + 1] == made[axis];
        }

        if (!fits)
        {
            throw new TaskException($"{File} makes [1, {string.Join(", ", made)}] of a recording; the graph's input '{input.Name}' has the shape {input.Shape}");
        }
    }
}
