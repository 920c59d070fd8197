using System.Text.Json;
using Serving.Fuzz.Engine;
using Serving.Fuzz.Reference;
using Serving.Server.Rest.V2;

namespace Serving.Fuzz.Targets;

/// <summary>Bodies of the repository's calls over REST: nothing but JSON is accepted.</summary>
internal sealed class RestRepositoryTarget : FuzzTarget
{
    public override string Name => "rest-repository";

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. Words("{", "}", "[", "]", "\"", "\\", ",", ":", "true", "false", "null", "1", " ", "\"ready\":true,", "\"parameters\":{", "\"config\":", "\"file:a\":", "\\ud800"),
        [0xFF], [0xED, 0xA0, 0x80],
    ];

    public override IEnumerable<byte[]> Seeds(Random random) =>
        Words("""{"ready":true,"parameters":{"unload_dependents":true,"other":[1,{"a":"b"}]}}""", "", "{}", " ", """{"parameters":null}""");

    public override Verdict Try(byte[] input)
    {
        if (!RepositoryRequest.Read(input).TryGetValue(out var request, out var failure))
        {
            return Verdict.Refused(failure.Message);
        }

        if (!input.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            using var document = JsonDocument.Parse(input);
            Finding.Unless(document.RootElement.ValueKind == JsonValueKind.Object, "something other than an object is accepted");
            var ready = InferReference.Properties(document.RootElement).LastOrDefault(property => property.Name == "ready").Value;
            Finding.Unless(request.ReadyOnly == (ready.ValueKind == JsonValueKind.True), "ready differs");
        }

        return Verdict.Accepted($"ready {request.ReadyOnly}");
    }
}
