using System.Text.Json;
using Serving.Runtime.Tasks.Finding;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>The convolutions with which models of raw samples begin, as <c>config.json</c> tells them; else those of Wav2Vec2.</summary>
/// <param name="Least">The fewest samples that they find something in.</param>
/// <param name="Stride">Samples from one place of the answer to the next.</param>
internal sealed record SoundConvolutions(int Least, int Stride)
{
    /// <summary>What a configuration that cannot be believed comes to. Arbitrary: a minute.</summary>
    private const long Most = 960_000;

    public static SoundConvolutions Read(JsonElement? config)
    {
        var kernels = Counts(config.Field("conv_kernel"), [10, 3, 3, 3, 3, 2, 2]);
        var strides = Counts(config.Field("conv_stride"), [5, 2, 2, 2, 2, 2, 2]);
        if (kernels.Count != strides.Count)
        {
            throw new TaskException("config.json: conv_kernel and conv_stride have different lengths");
        }

        var (least, stride) = (1L, (long)Math.Max(1, config.Field("squeeze_factor").AsCount() ?? 1));
        for (var i = kernels.Count - 1; i >= 0 && Math.Max(least, stride) < Most; i--)
        {
            least = ((least - 1) * strides[i]) + kernels[i];
            stride *= strides[i];
        }

        return Math.Max(least, stride) < Most
            ? new SoundConvolutions((int)least, (int)stride)
            : throw new TaskException("config.json: conv_kernel and conv_stride come to more than a minute");
    }

    private static IReadOnlyList<int> Counts(JsonElement? field, int[] otherwise)
    {
        var counts = field.AsList().Select(count => Math.Max(1, ((JsonElement?)count).AsCount() ?? 1)).ToList();
        return counts.Count > 0 ? counts : otherwise;
    }
}
