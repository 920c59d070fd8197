using System.Buffers;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Json;

namespace Serving.Server.Tracing;

/// <summary>One traced request.</summary>
/// <param name="Sampler">Whose trace it is.</param>
/// <param name="Id">The trace's number.</param>
/// <param name="Request">The request's id; null or empty for none.</param>
/// <param name="Model">The model.</param>
/// <param name="Version">The version; empty where it is not known.</param>
/// <param name="Received">When the request came, in nanoseconds of a clock that never goes back.</param>
/// <param name="Queued">When the engine got it.</param>
/// <param name="Ended">When the engine had answered.</param>
/// <param name="Stages">The stages; null where it failed.</param>
internal sealed record TraceRecord(
    TraceSampler Sampler, long Id, string? Request, string Model, string Version, long Received, long Queued, long Ended, StageTimes? Stages)
{
    private const int NanosecondsPerTick = 100;

    /// <summary>Writes the trace as Triton does: who it was, then what happened when.</summary>
    public void WriteTo(IBufferWriter<byte> target)
    {
        Write(target, json =>
        {
            json.WriteNumber("id", Id);
            json.WriteString("model_name", Model);
            WriteVersion(json);
            if (!string.IsNullOrEmpty(Request))
            {
                json.WriteString("request_id", Request);
            }
        });
        target.Write(","u8);
        Write(target, json =>
        {
            json.WriteNumber("id", Id);
            json.WriteStartArray("timestamps");
            WriteTimes(json);
            json.WriteEndArray();
        });
    }

    private static void Write(IBufferWriter<byte> target, Action<Utf8JsonWriter> members)
    {
        using var json = new Utf8JsonWriter(target, JsonText.WriterOptions);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    }

    private void WriteVersion(Utf8JsonWriter json)
    {
        if (long.TryParse(Version, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
        {
            json.WriteNumber("model_version", number);
        }
        else if (Version.Length == 0)
        {
            json.WriteNumber("model_version", -1);
        }
        else
        {
            json.WriteString("model_version", Version);
        }
    }

    private void WriteTimes(Utf8JsonWriter json)
    {
        WriteTime(json, "REQUEST_START", Received);
        WriteTime(json, "QUEUE_START", Queued);
        if (Stages is { } stages)
        {
            // The stages of a request that was split are sums over its parts, which may have run side by side.
            var at = Queued;
            foreach (var (name, time) in ((string, TimeSpan)[])
                [("COMPUTE_START", stages.Queue), ("COMPUTE_INPUT_END", stages.Input), ("COMPUTE_OUTPUT_START", stages.Infer), ("COMPUTE_END", stages.Output)])
            {
                at = Math.Min(at + (time.Ticks * NanosecondsPerTick), Ended);
                WriteTime(json, name, at);
            }
        }

        WriteTime(json, "REQUEST_END", Ended);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long nanoseconds)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteNumber("ns", nanoseconds);
        json.WriteEndObject();
    }
}
