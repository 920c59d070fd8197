using System.Buffers;
using Serving.Runtime.Images;
using Serving.Runtime.Images.Decoding;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Tasks.Images;

/// <summary>
/// Decodes pictures, and does with them what comes next, on threads of the pool: no more at a time, of all requests together, than
/// there are cores, so that a request with many pictures is quick alone and leaves room for others.
/// </summary>
internal static class PictureWork
{
    private static readonly SemaphoreSlim Cores = new(Environment.ProcessorCount);

    /// <summary>Works on each picture; the first failure, in their order, is that of all.</summary>
    /// <param name="files">The encoded pictures.</param>
    /// <param name="first">The row of the first of them in its request, for messages.</param>
    /// <param name="rows">How many rows the request has.</param>
    /// <param name="work">What is done with a picture, which is disposed afterwards unless it is the result itself.</param>
    public static async ValueTask<Outcome<T[]>> RunAsync<T>(
        ReadOnlySequence<byte>[] files, int first, int rows, ImageLimits limits, Func<Raster, Outcome<T>> work, CancellationToken cancellationToken)
        where T : notnull, IDisposable
    {
        var running = Array.ConvertAll(files, file => RunAsync(file, limits, work, cancellationToken));
        var results = new T[files.Length];
        InferenceFailure? failed = null;
        for (var i = 0; i < running.Length; i++)
        {
            if ((await running[i].ConfigureAwait(false)).TryGetValue(out var result, out var failure))
            {
                results[i] = result;
            }
            else
            {
                failed ??= rows == 1 || failure == InferenceFailure.Cancelled ? failure : failure with { Message = $"row {first + i}: {failure.Message}" };
            }
        }

        if (failed is null)
        {
            return results;
        }

        Array.ForEach(results, result => result?.Dispose());
        return failed;
    }

    private static async Task<Outcome<T>> RunAsync<T>(
        ReadOnlySequence<byte> file, ImageLimits limits, Func<Raster, Outcome<T>> work, CancellationToken cancellationToken)
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
            return await Task.Run(() => Work(file, limits, work), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Cores.Release();
        }
    }

    private static Outcome<T> Work<T>(ReadOnlySequence<byte> file, ImageLimits limits, Func<Raster, Outcome<T>> work)
        where T : notnull
    {
        if (!ImageDecoder.Decode(PictureBytes.Read(file), limits).TryGetValue(out var picture, out var failure))
        {
            return failure;
        }

        var outcome = work(picture);
        if (!outcome.TryGetValue(out var result, out _) || !ReferenceEquals(result, picture))
        {
            picture.Dispose();
        }

        return outcome;
    }
}
