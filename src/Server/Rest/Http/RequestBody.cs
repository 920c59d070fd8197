using Microsoft.AspNetCore.Http.Features;
using Serving.Runtime.Inference;

namespace Serving.Server.Rest.Http;

/// <summary>Reads a request's body, decompressed and never more of it than the limit, into one block of the pool.</summary>
internal static class RequestBody
{
    /// <summary>The first block where the length is not announced: Kestrel's own pipe holds a few pages as well. Arbitrary.</summary>
    private const int FirstBlock = 16 * 1024;

    /// <summary>The largest block that is reserved for a length only because it was announced. Arbitrary; larger bodies grow into theirs.</summary>
    private const int LargestAnnounced = 64 * 1024 * 1024;

    /// <summary>How much a compressed body may exceed the limit for the plain one: frames around bytes that do not compress. Arbitrary.</summary>
    private const int CodingSlack = 64 * 1024;

    /// <summary>The body; the caller disposes it. A client that goes away or breaks HTTP is thrown by Kestrel.</summary>
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
        var announced = coding == ContentCoding.Identity ? request.ContentLength : null;
        var block = new PooledBufferWriter((int)Math.Min(announced ?? Math.Min(FirstBlock, limit), LargestAnnounced));
        var succeeded = false;
        try
        {
            var failure = coding == ContentCoding.Identity
                ? await CopyAsync(context, block, limit)
                : await InflateAsync(context, coding, block, limit);
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

    private static async ValueTask<InferenceFailure?> CopyAsync(HttpContext context, PooledBufferWriter block, long limit)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
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
        HttpContext context, ContentCoding coding, PooledBufferWriter block, long limit)
    {
        await using var plain = ContentCodings.Decompress(coding, context.Request.Body);
        try
        {
            while (true)
            {
                var read = await plain.ReadAsync(block.GetMemory(), context.RequestAborted);
                if (read == 0)
                {
                    return null;
                }

                block.Advance(read);
                if (block.Length > limit)
                {
                    return TooLarge(limit);
                }
            }
        }
        catch (InvalidDataException exception)
        {
            return InferenceFailure.InvalidInput($"the body is not valid {ContentCodings.Name(coding)}: {exception.Message}");
        }
    }

    private static InferenceFailure TooLarge(long limit) =>
        InferenceFailure.TooLarge($"the request body is larger than the limit of {limit} bytes (--max-request-bytes)");
}
