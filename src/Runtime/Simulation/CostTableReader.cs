using System.Text.Json;
using Serving.Runtime.Models;

namespace Serving.Runtime.Simulation;

/// <summary>
/// Reads a cost table from JSON: <c>{"model", "version", "provider", "spread", "points": [{"rows", "length", "seconds"}]}</c>,
/// what <c>GET /v2/models/{model}/costs</c> answers. A point may have <c>"samples"</c>, the seconds of single runs.
/// </summary>
public static class CostTableReader
{
    private const int MostSamples = 1_000_000;

    /// <exception cref="InvalidDataException">The text is no such table; the message says where and what was expected.</exception>
    public static CostTable Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"no JSON: {exception.Message}", exception);
        }
    }

    private static CostTable Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("points", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException("expected an object with an array 'points'");
        }

        var (points, samples) = (new List<CostPoint>(), new List<CostPoint>());
        foreach (var element in list.EnumerateArray())
        {
            var place = $"points[{points.Count}]";
            if (points.Count == CostTable.MostPoints)
            {
                throw new InvalidDataException($"more than {CostTable.MostPoints} points");
            }

            var point = ReadPoint(element, place);
            points.Add(point);
            ReadSamples(element, place, point, samples);
        }

        if (points.Count == 0)
        {
            throw new InvalidDataException("'points' is empty; the model has not run yet");
        }

        var spread = root.TryGetProperty("spread", out var given) ? Number(given, "spread") : 1;
        return spread is >= 1 and <= 100
            ? new CostTable(NameOf(root), points, spread, samples)
            : throw new InvalidDataException("'spread' must be from 1 to 100");
    }

    private static CostPoint ReadPoint(JsonElement element, string place) => new(
        Whole(element, "rows", place), Whole(element, "length", place), Seconds(Member(element, "seconds", place), $"{place}.seconds"));

    private static void ReadSamples(JsonElement element, string place, CostPoint point, List<CostPoint> samples)
    {
        if (!element.TryGetProperty("samples", out var list))
        {
            return;
        }

        if (list.ValueKind != JsonValueKind.Array || samples.Count + list.GetArrayLength() > MostSamples)
        {
            throw new InvalidDataException($"{place}.samples must be an array of seconds; at most {MostSamples} in all");
        }

        foreach (var sample in list.EnumerateArray())
        {
            samples.Add(point with { Seconds = Seconds(sample, $"{place}.samples") });
        }
    }

    private static JsonElement Member(JsonElement element, string name, string place) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member)
            ? member : throw new InvalidDataException($"{place} has no '{name}'");

    private static int Whole(JsonElement element, string name, string place) =>
        Member(element, name, place) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt32(out var value) && value >= 1
            ? value : throw new InvalidDataException($"{place}.{name} must be a whole number from 1");

    private static double Seconds(JsonElement element, string place) =>
        Number(element, place) is > 0 and <= 86_400 and var seconds
            ? seconds : throw new InvalidDataException($"{place} must be above 0 and at most a day, in seconds");

    private static double Number(JsonElement element, string place) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value)
            ? value : throw new InvalidDataException($"{place} must be a number");

    private static string NameOf(JsonElement root)
    {
        string?[] parts = [Text(root, "model"), Text(root, "version"), Text(root, "provider")];
        return string.Join(' ', parts.Where(part => part is not null)) is { Length: > 0 } name ? name : "unnamed";
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
