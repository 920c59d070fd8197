using System.Globalization;
using System.Text.RegularExpressions;

namespace Serving.Server.Tests.Observability;

/// <summary>A metric as a reader of the text format sees it. A reader of its own: the writer must not judge itself.</summary>
internal sealed partial record ScrapedMetric(string Name, string Type, string Help, IReadOnlyList<(string Suffix, IReadOnlyDictionary<string, string> Labels, double Value)> Samples)
{
    /// <summary>The labels' names, without the bucket's bound, sorted.</summary>
    public string LabelNames => string.Join(", ", Samples.SelectMany(sample => sample.Labels.Keys).Where(name => name != "le").Distinct().Order(StringComparer.Ordinal));

    public static IReadOnlyDictionary<string, ScrapedMetric> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var metrics = new Dictionary<string, ScrapedMetric>();
        var (name, help) = (string.Empty, string.Empty);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ', 4);
                (name, help) = (parts[2], parts[3]);
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ');
                Assert.Equal(name, parts[2]);
                metrics.Add(name, new ScrapedMetric(name, parts[3], help, new List<(string, IReadOnlyDictionary<string, string>, double)>()));
            }
            else
            {
                ((List<(string, IReadOnlyDictionary<string, string>, double)>)metrics[name].Samples).Add(ParseSample(name, line));
            }
        }

        return metrics;
    }

    /// <summary>The value of the only sample with these labels.</summary>
    public double Value(string suffix, params (string Name, string Value)[] labels) => Samples
        .Single(sample => sample.Suffix == suffix && labels.All(label => sample.Labels.TryGetValue(label.Name, out var value) && value == label.Value))
        .Value;

    private static (string, IReadOnlyDictionary<string, string>, double) ParseSample(string name, string line)
    {
        var match = SampleLine().Match(line);
        Assert.True(match.Success, line);
        Assert.StartsWith(name, match.Groups["name"].Value, StringComparison.Ordinal);
        var labels = Label().Matches(match.Groups["labels"].Value).ToDictionary(label => label.Groups[1].Value, label => Regex.Unescape(label.Groups[2].Value));
        var value = match.Groups["value"].Value switch
        {
            "+Inf" => double.PositiveInfinity,
            var number => double.Parse(number, CultureInfo.InvariantCulture),
        };
        return (match.Groups["name"].Value[name.Length..], labels, value);
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*)\})? (?<value>\S+)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="(([^"\\\n]|\\["\\n])*)",?""")]
    private static partial Regex Label();
}
