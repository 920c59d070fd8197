using Microsoft.AspNetCore.Http.Features;
using Serving.Runtime.Inference;
using Serving.Server.Transfer;

namespace Serving.Server.Rest.Http;

/// <summary>
/// Reads a request's body, decompressed and never more of it than the limit, into one block of the pool that grows with what came.
/// </summary>
internal static class RequestBody
{
    /// <summary>The first block where the length is not announced: Kestrel's own pipe holds a few pages as well. Arbitrary.</summary>
    private const int FirstBlock = 16 * 1024;

    /// <summary>How much a compressed body may exceed the limit for the plain one: frames around bytes that do not compress. Arbitrary.</summary>
    private const int CodingSlack = 64 * 1024;

    /// <summary>The body; the caller disposes it. A client that goes away, breaks HTTP or is too slow is thrown.</summary>
    /// <param name="context">The request.</param>
    /// <param name="limit">The most bytes after decompression.</param>
    public static async ValueTask<Outcome<PooledBufferWriter>> ReadAsync(HttpContext context, long limit)
    {
        var request = context.Request;
        if (!ContentCodings.TryParse(request.Headers.ContentEncoding, out var coding))
        {
            context.Response.Headers.AcceptEncoding = ContentCodings.Accepted;
            return InferenceFailure.Unsupported(
                $"Content-Encoding '{request.Headers.ContentEncoding}' is not supported, expected one of {ContentCodings.Accepted}");
        }

        var wireLimit = coding == ContentCoding.Identity ? limit : limit + (limit / 256) + CodingSlack;
        if (request.ContentLength > wireLimit)
        {
            return TooLarge(limit);
        }

        Announce(context, coding == ContentCoding.Identity ? null : wireLimit);
        var announced = coding == ContentCoding.Identity ? request.ContentLength ?? 0 : 0;
        var block = new PooledBufferWriter(announced > 0 ? BlockGrowth.Begin(announced) : (int)Math.Min(FirstBlock, limit), announced);
        var succeeded = false;
        try
        {
            await using var clock = new ArrivalClock(request.BodyReader, TransferLimits.Of(context));
            var failure = coding == ContentCoding.Identity
                ? await CopyAsync(context, clock, block, limit)
                : await InflateAsync(context, clock, coding, block, limit);
            succeeded = failure is null;
            return succeeded ? block : failure!;
        }
        finally
        {
            if (!succeeded)
            {
                block.Dispose();
            }
        }
    }

    private static void Announce(HttpContext context, long? wireLimit)
    {
        // Kestrel's default of 30 MB must not come before the server's own limit, which is counted here.
        var feature = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (feature is { IsReadOnly: false })
        {
            feature.MaxRequestBodySize = wireLimit;
        }
    }

    private static async ValueTask<InferenceFailure?> CopyAsync(HttpContext context, ArrivalClock clock, PooledBufferWriter block, long limit)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var reading = reader.ReadAsync(context.RequestAborted);
            if (!reading.IsCompleted)
            {
                clock.Start();
            }

            var result = await reading;
            if (result.IsCanceled)
            {
                throw TooSlow(clock);
            }

            clock.Count(result.Buffer.Length);
            if (block.Length + result.Buffer.Length > limit)
            {
                reader.AdvanceTo(result.Buffer.End);
                return TooLarge(limit);
            }

            foreach (var segment in result.Buffer)
            {
                block.Write(segment.Span);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return null;
            }
        }
    }

    private static async ValueTask<InferenceFailure?> InflateAsync(
        HttpContext context, ArrivalClock clock, ContentCoding coding, PooledBufferWriter block, long limit)
    {
        await using var plain = ContentCodings.Decompress(coding, context.Request.Body);
        try
        {
            while (true)
            {
                var reading = plain.ReadAsync(block.GetMemory(), context.RequestAborted);
                if (!reading.IsCompleted)
                {
                    clock.Start();
                }

                var read = await reading;
                if (read == 0)
                {
                    return null;
                }

                clock.Count(read);
                block.Advance(read);
                if (block.Length > limit)
                {
                    return TooLarge(limit);
                }
            }
        }
        catch (OperationCanceledException) when (clock.HasExpired)
        {
            throw TooSlow(clock);
        }
        catch (InvalidDataException exception)
        {
            return InferenceFailure.InvalidInput($"the body is not valid {ContentCodings.Name(coding)}: {exception.Message}");
        }
    }

    private static BadHttpRequestException TooSlow(ArrivalClock clock) => new(clock.Reason, StatusCodes.Status408RequestTimeout);

    private static InferenceFailure TooLarge(long limit) =>
        InferenceFailure.TooLarge($"the request body is larger than the limit of {limit} bytes (--max-request-bytes)");
}
