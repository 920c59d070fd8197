using System.Text;
using Microsoft.Net.Http.Headers;
using Serving.Runtime.Inference;

namespace Serving.Server.Rest.Forms;

/// <summary>Takes bodies of <c>multipart/form-data</c> apart (RFC 7578, RFC 2046 section 5.1), without copying what is in them.</summary>
internal static class MultipartForm
{
    /// <summary>Far more than any of the forms here has fields. Arbitrary.</summary>
    private const int MostParts = 64;

    /// <summary>The longest headers of a part: a file's name and its type. Arbitrary.</summary>
    private const int MostHeaders = 4096;

    /// <summary>RFC 2046 has it.</summary>
    private const int LongestBoundary = 70;

    private const string MediaType = "multipart/form-data";

    /// <summary>The parts in their order.</summary>
    /// <param name="contentType">The header with the boundary.</param>
    /// <param name="body">The whole body.</param>
    public static Outcome<List<FormPart>> Read(string? contentType, ReadOnlyMemory<byte> body)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
        {
            return InferenceFailure.InvalidInput($"the body must be a form, {MediaType}; its Content-Type is '{contentType}'");
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        return boundary.Length is > 0 and <= LongestBoundary
            ? Split(body, Encoding.UTF8.GetBytes("\r\n--" + boundary))
            : InferenceFailure.InvalidInput($"the form's Content-Type has a boundary of {boundary.Length} characters, expected 1 to {LongestBoundary}");
    }

    private static Outcome<List<FormPart>> Split(ReadOnlyMemory<byte> body, byte[] delimiter)
    {
        var parts = new List<FormPart>();

        // The first boundary may have no line before it; what comes before it means nothing.
        var first = body.Span.StartsWith(delimiter.AsSpan(2)) ? -2 : body.Span.IndexOf(delimiter);
        if (first == -1)
        {
            return InferenceFailure.InvalidInput("the form ends without its last boundary");
        }

        for (var here = body[(first + delimiter.Length)..]; ;)
        {
            if (here.Span.StartsWith("--"u8))
            {
                return parts;
            }

            if (parts.Count == MostParts)
            {
                return InferenceFailure.InvalidInput($"the form has more than {MostParts} parts");
            }

            var line = here.Span.IndexOf("\r\n"u8);
            if (line < 0 || !here.Span[..line].Trim(" \t"u8).IsEmpty)
            {
                return InferenceFailure.InvalidInput("the form has a boundary that does not end its line");
            }

            // The line's end stays: a part without headers begins with the empty line at once.
            here = here[line..];
            var end = here.Span.IndexOf(delimiter);
            if (end < 0)
            {
                return InferenceFailure.InvalidInput("the form ends without its last boundary");
            }

            if (!ReadPart(here[..end], parts.Count).TryGetValue(out var part, out var failure))
            {
                return failure;
            }

            parts.Add(part);
            here = here[(end + delimiter.Length)..];
        }
    }

    private static Outcome<FormPart> ReadPart(ReadOnlyMemory<byte> part, int index)
    {
        var length = part.Span[..Math.Min(part.Length, MostHeaders)].IndexOf("\r\n\r\n"u8);
        if (length < 0)
        {
            return InferenceFailure.InvalidInput($"part {index} of the form has no headers that end within {MostHeaders} bytes");
        }

        foreach (var line in Encoding.UTF8.GetString(part.Span[..length]).Split("\r\n"))
        {
            if (line.StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase)
                && ContentDispositionHeaderValue.TryParse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..], out var disposition)
                && HeaderUtilities.RemoveQuotes(disposition.Name).ToString() is { Length: > 0 } name)
            {
                return new FormPart(name, part[(length + 4)..]);
            }
        }

        return InferenceFailure.InvalidInput($"part {index} of the form has no name in a 'Content-Disposition: form-data; name=\"...\"'");
    }
}
