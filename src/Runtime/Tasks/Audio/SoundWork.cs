using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Audio;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>
/// Decodes recordings, and does with them what comes next, on threads of the pool: no more at a time, of all requests together, than
/// there are cores.
/// </summary>
internal static class SoundWork
{
    public const string Audio = "audio";
    public const string Samples = "samples";

    private static readonly SemaphoreSlim Cores = new(Environment.ProcessorCount);

    /// <summary>The inputs of every task over recordings: files, or samples in one channel.</summary>
    public static IReadOnlyList<TensorSignature> Inputs { get; } =
    [
        TensorSignatures.Bytes(Audio, optional: true),
        TensorSignatures.PerRow(Samples, ElementType.Float32, ("time", -1)) with { Optional = true },
    ];

    /// <summary>Works on each recording of a request; the first failure, in their order, is that of all.</summary>
    /// <param name="call">The request.</param>
    /// <param name="rate">The rate that its recordings are brought to.</param>
    /// <param name="work">What is done with the samples.</param>
    public static async ValueTask<Outcome<T[]>> RunAsync<T>(TaskCall call, int rate, Func<ReadOnlyMemory<float>, T> work)
        where T : notnull
    {
        if (call.Has(Audio) == call.Has(Samples))
        {
            return InferenceFailure.InvalidInput($"expected either the input '{Audio}' (files, BYTES [-1]) or '{Samples}' (FP32 [-1,-1])");
        }

        var given = call.Has(Samples) ? ReadSamples(call.Find(Samples)!.Value) : [];
        var wrong = Array.FindIndex(given, sample => !float.IsFinite(sample));
        if (wrong >= 0)
        {
            return InferenceFailure.InvalidInput($"input '{Samples}' element {wrong} is {given[wrong]}, expected a finite number");
        }

        var budget = new SoundBudget(call.Settings.Get(SoundOptions.MaxSeconds, SoundOptions.UsualSeconds));
        var running = Sounds(call, given, rate, budget).Select(read => RunAsync(read, rate, work, call.CancellationToken)).ToArray();
        var results = new T[running.Length];
        InferenceFailure? failed = null;
        for (var i = 0; i < running.Length; i++)
        {
            if ((await running[i].ConfigureAwait(false)).TryGetValue(out var result, out var failure))
            {
                results[i] = result;
            }
            else
            {
                failed ??= running.Length == 1 || failure == InferenceFailure.Cancelled ? failure : failure with { Message = $"row {i}: {failure.Message}" };
            }
        }

        return failed is null ? results : failed;
    }

    private static IEnumerable<Func<Outcome<Sound>>> Sounds(TaskCall call, float[] samples, int rate, SoundBudget budget)
    {
        if (call.Has(Audio))
        {
            return call.Bytes(Audio).Select<ReadOnlySequence<byte>, Func<Outcome<Sound>>>(file => () => Check(SoundReader.Read(SoundBytes.Read(file), budget.Limits), budget));
        }

        var length = samples.Length / call.Rows;
        var given = call.Settings.Get(SoundOptions.SamplingRate, rate);
        return Enumerable.Range(0, call.Rows).Select<int, Func<Outcome<Sound>>>(row => () => Check(new Sound(samples.AsMemory(row * length, length), given), budget));
    }

    private static float[] ReadSamples(in InputTensor tensor)
    {
        var samples = new float[tensor.Data.Length / sizeof(float)];
        tensor.Data.CopyTo(MemoryMarshal.AsBytes(samples.AsSpan()));
        return samples;
    }

    private static Outcome<Sound> Check(Outcome<Sound> outcome, SoundBudget budget) =>
        !outcome.TryGetValue(out var sound, out var failure) ? failure
        : sound.Samples.Length == 0 ? InferenceFailure.InvalidInput("the recording has no samples")
        : budget.Take(sound) is { } tooLong ? tooLong
        : sound;

    private static async Task<Outcome<T>> RunAsync<T>(Func<Outcome<Sound>> read, int rate, Func<ReadOnlyMemory<float>, T> work, CancellationToken cancellationToken)
        where T : notnull
    {
        try
        {
            await Cores.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return InferenceFailure.Cancelled;
        }

        try
        {
            return await Task.Run<Outcome<T>>(
                () => read().TryGetValue(out var sound, out var failure) ? work(Resampler.Resample(sound, rate)) : failure, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Cores.Release();
        }
    }
}
