using Serving.Runtime.Inference;
using Serving.Server.Rest.Forms;

namespace Serving.Server.Rest.OpenAi.Speech;

/// <summary>What a client wants to know of a recording.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="File">The recording, in the memory of the body.</param>
/// <param name="Format">How the answer is written.</param>
/// <param name="Language">The language that the client says it is in; empty where it does not.</param>
/// <param name="Granularities">What has times in <c>verbose_json</c>: <c>word</c>, <c>segment</c> or both.</param>
internal sealed record TranscriptionForm(string Model, ReadOnlyMemory<byte> File, TranscriptionFormat Format, string Language, IReadOnlyList<string> Granularities)
{
    public const string Words = "word";
    public const string Segments = "segment";

    private const string FormatName = "response_format";
    private const string Granularity = "timestamp_granularities";

    private static readonly Dictionary<string, TranscriptionFormat> Formats = new(StringComparer.Ordinal)
    {
        ["json"] = TranscriptionFormat.Json, ["text"] = TranscriptionFormat.Text, ["srt"] = TranscriptionFormat.Srt,
        ["verbose_json"] = TranscriptionFormat.VerboseJson, ["vtt"] = TranscriptionFormat.Vtt,
    };

    /// <summary>
    /// Reads the fields of a form. What would steer a model that writes text (<c>prompt</c>, <c>temperature</c>, ...) changes nothing here.
    /// </summary>
    public static Outcome<TranscriptionForm> Read(IReadOnlyList<FormPart> parts)
    {
        var fields = new Dictionary<string, FormPart>(StringComparer.Ordinal);
        var granularities = new List<string>();
        foreach (var part in parts)
        {
            if (part.Name is Granularity or Granularity + "[]")
            {
                granularities.Add(part.Text);
            }
            else if (!fields.TryAdd(part.Name, part))
            {
                return InferenceFailure.InvalidInput($"'{part.Name}' is given twice");
            }
        }

        if (granularities.Find(one => one is not (Words or Segments)) is { } unknown)
        {
            return InferenceFailure.InvalidInput($"'{Granularity}' must be {Words} or {Segments}, got '{unknown}'");
        }

        if (fields.TryGetValue("stream", out var stream) && stream.Text is not ("false" or "False" or "0"))
        {
            return InferenceFailure.Unsupported("'stream' is not offered: a recording is written down as a whole; leave it out");
        }

        var format = TextOf(fields, FormatName) is { Length: > 0 } given ? given : "json";
        return !Formats.TryGetValue(format, out var known)
                ? InferenceFailure.InvalidInput($"'{FormatName}' must be {string.Join(", ", Formats.Keys.SkipLast(1))} or {Formats.Keys.Last()}, got '{format}'")
            : !fields.TryGetValue("file", out var file) ? InferenceFailure.InvalidInput("'file' is missing")
            : TextOf(fields, "model") is not { Length: > 0 } model ? InferenceFailure.InvalidInput("'model' is missing")
            : new TranscriptionForm(model, file.Content, known, TextOf(fields, "language") ?? "", granularities.Count > 0 ? granularities : [Segments]);
    }

    private static string? TextOf(Dictionary<string, FormPart> fields, string name) => fields.TryGetValue(name, out var field) ? field.Text : null;
}
