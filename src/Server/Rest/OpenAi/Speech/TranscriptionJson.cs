using System.Text.Json;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.OpenAi.Speech;

/// <summary>Writes what was said as OpenAI's objects.</summary>
internal static class TranscriptionJson
{
    public static void Write(Utf8JsonWriter json, string text, float seconds)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        WriteUsage(json, seconds);
        json.WriteEndObject();
    }

    public static void WriteVerbose(Utf8JsonWriter json, string text, TaskReply reply, TranscriptionForm form)
    {
        var seconds = reply.Floats(TaskNames.Duration)[0];
        var words = SpokenWord.Read(reply, 0);
        json.WriteStartObject();
        json.WriteString("task", "transcribe");
        json.WriteString("language", form.Language);
        json.WriteNumber("duration", seconds);
        json.WriteString("text", text);
        if (form.Granularities.Contains(TranscriptionForm.Words))
        {
            json.WriteStartArray("words");
            foreach (var word in words)
            {
                json.WriteStartObject();
                json.WriteString("word", word.Text);
                WriteTimes(json, word);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (form.Granularities.Contains(TranscriptionForm.Segments))
        {
            WriteSegments(json, Subtitles.Segments(words));
        }

        WriteUsage(json, seconds);
        json.WriteEndObject();
    }

    private static void WriteSegments(Utf8JsonWriter json, IReadOnlyList<SpokenWord> segments)
    {
        json.WriteStartArray("segments");
        for (var i = 0; i < segments.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", i);
            WriteTimes(json, segments[i]);
            json.WriteString("text", segments[i].Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTimes(Utf8JsonWriter json, SpokenWord part)
    {
        json.WriteNumber("start", part.Start);
        json.WriteNumber("end", part.End);
    }

    /// <summary>What OpenAI charges by: seconds that were begun.</summary>
    private static void WriteUsage(Utf8JsonWriter json, float seconds)
    {
        json.WriteStartObject("usage");
        json.WriteString("type", "duration");
        json.WriteNumber("seconds", (long)Math.Ceiling(seconds));
        json.WriteEndObject();
    }
}
