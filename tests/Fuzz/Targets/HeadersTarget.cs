using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Serving.Fuzz.Engine;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Fuzz.Targets;

/// <summary>Headers of both protocols, each input as the text of all of them; and the status text that goes back.</summary>
internal sealed partial class HeadersTarget : FuzzTarget
{
    private const int LongestStatus = 4096;

    private static readonly Dictionary<char, BigInteger> Nanoseconds = new()
    {
        ['H'] = 3_600_000_000_000, ['M'] = 60_000_000_000, ['S'] = 1_000_000_000, ['m'] = 1_000_000, ['u'] = 1_000, ['n'] = 1,
    };

    public override string Name => "headers";

    public override int Rounds => 200_000;

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. Words(
            "H", "M", "S", "m", "u", "n", "0", "99999999", " ", ",", ", ", ";q=0", ";q=0.5", "gzip", "x-gzip", "deflate", "identity", "*", "br", "application/grpc", "+proto",
            "+json", ";charset=utf-8", "%", "%41", "%2", "٣", "é", "模", "🙂", "\0", "\r\n", "\t", "-", "+", "2147483647", "2147483648"),
        [0xFF], [0xED, 0xA0, 0x80], [0xD8, 0x3D],
    ];

    public override IEnumerable<byte[]> Seeds(Random random) =>
        Words("1H", "250m", "99999999S", "101n", "identity,deflate,gzip", "gzip;q=0.5, deflate", "application/grpc+proto; x=y", "100", "model 'x' is 100% größe 🙂", "");

    public override Verdict Try(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var isTimeout = CheckTimeout(text);
        var isEncoding = CheckEncodings(text);
        var isNumber = CheckNumbers(text);
        var isGrpc = CallRunner.IsGrpc(text);
        Finding.Unless(!isGrpc || text.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase), "another content type passes for gRPC");
        CheckStatus(text);
        CheckStatus(new string(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, char>(input)));
        var meaning = (isTimeout ? "timeout " : "") + (isEncoding ? "encoding " : "") + (isNumber ? "number " : "") + (isGrpc ? "gRPC" : "");
        return meaning.Length > 0 ? Verdict.Accepted(meaning) : Verdict.Refused("no header's text");
    }

    private static bool CheckTimeout(string text)
    {
        var isTimeout = TimeoutHeader.TryParse(text, out var timeout);
        Finding.Unless(isTimeout == TimeoutForm().IsMatch(text), "a timeout is refused, or something else taken for one");
        if (isTimeout)
        {
            var nanoseconds = BigInteger.Parse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture) * Nanoseconds[text[^1]];
            Finding.Unless(timeout.Ticks == (nanoseconds + 99) / 100, "a timeout's length differs");
        }

        return isTimeout;
    }

    private static bool CheckEncodings(string text)
    {
        var isKnown = MessageEncodings.TryParse(text, out var encoding);
        Finding.Unless(isKnown == text is "" or "identity" or "gzip" or "deflate", "an encoding is refused, or something else taken for one");
        Finding.Unless(!isKnown || text.Length == 0 || encoding.Name() == text, "an encoding is taken for another");
        foreach (var request in (MessageEncoding[])[MessageEncoding.Gzip, MessageEncoding.Deflate])
        {
            var isAccepted = text.Split(',').Any(part => part.Trim() == request.Name());
            Finding.Unless(MessageEncodings.ForResponse(request, new HeaderDictionary { ["grpc-accept-encoding"] = text }) == (isAccepted ? request : MessageEncoding.Identity), "an answer's encoding is not what the client accepts");
        }

        var chosen = ContentCodings.Choose(text);
        Finding.Unless(chosen == ContentCoding.Identity || text.Contains(ContentCodings.Name(chosen), StringComparison.OrdinalIgnoreCase), "an answer's coding is not what the client accepts");
        return isKnown | ContentCodings.TryParse(text, out _);
    }

    private static bool CheckNumbers(string text)
    {
        var headers = new HeaderDictionary { [InferHeaders.JsonLengthHeader] = text, ["X-Request-Timeout-Ms"] = text, ["X-Priority"] = text };
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var isRead = InferHeaders.Read(headers).TryGetValue(out var read, out _);
        Finding.Unless(isRead == isNumber || text.Length == 0, "a number is refused, or something else taken for one");
        Finding.Unless(!isRead || text.Length == 0 || (read.JsonLength == number && read.Priority == number), "a number is taken for another");
        return isRead;
    }

    private static void CheckStatus(string text)
    {
        var encoded = StatusText.Encode(text);
        Finding.Unless(!encoded.AsSpan().ContainsAnyExceptInRange(' ', '~'), "a status text is not printable");
        Finding.Unless(encoded.Length <= LongestStatus, "a status text is too long");
        var plain = string.Concat(text.EnumerateRunes());
        var decoded = Uri.UnescapeDataString(encoded);
        Finding.Unless(plain.StartsWith(decoded, StringComparison.Ordinal), "a status text becomes another");
        Finding.Unless(encoded.Length > LongestStatus - 12 || decoded.Length == plain.Length, "a status text is cut off too early");
    }

    [GeneratedRegex(@"\A[0-9]{1,8}[HMSmun]\z")]
    private static partial Regex TimeoutForm();
}
