using System.Text.Json;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.HuggingFace;

/// <summary>Writes what was said as Hugging Face's pipelines do: a text, and where times were asked for its parts with theirs.</summary>
internal static class SpokenText
{
    public static void Write(Utf8JsonWriter json, TaskReply reply, int row)
    {
        json.WriteStartObject();
        json.WriteString(TaskNames.Text, reply.Text(TaskNames.Text, row));
        if (reply.Has(TaskNames.Word))
        {
            json.WriteStartArray("chunks");
            foreach (var part in SpokenWord.Read(reply, row))
            {
                json.WriteStartObject();
                json.WriteString(TaskNames.Text, part.Text);
                json.WriteStartArray("timestamp");
                json.WriteNumberValue(part.Start);
                json.WriteNumberValue(part.End);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
