using System.Globalization;
using System.Text;

namespace Serving.Benchmarks.Reporting;

/// <summary>The results as a table, for the console or for docs/performance.md.</summary>
internal static class ResultTable
{
    private static readonly string[] Head = ["", "Measure", "This run", "Spread", "Best known", "To reach (hoped for)"];

    /// <summary>Columns of equal width, each figure's parts below it.</summary>
    public static string Text(IReadOnlyList<MeasureResult> results)
    {
        var rows = new List<string[]> { Head };
        foreach (var result in results)
        {
            rows.Add(Row(result));
            rows.AddRange(result.Parts.Select(part => (string[])["", "  " + part.Name, Number(part.Value.Median, part.Unit), Range(part.Value), "", ""]));
        }

        var widths = Head.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString();
    }

    /// <summary>The same in Markdown; the parts of all measures in a second table.</summary>
    public static string Markdown(IReadOnlyList<MeasureResult> results)
    {
        var text = new StringBuilder();
        AppendRow(text, Head);
        AppendRow(text, [.. Head.Select(_ => "---")]);
        foreach (var result in results)
        {
            AppendRow(text, Row(result));
        }

        text.AppendLine().AppendLine("What the figures are made of:").AppendLine();
        AppendRow(text, "", "Part", "This run", "Spread");
        AppendRow(text, "---", "---", "---", "---");
        foreach (var result in results)
        {
            foreach (var part in result.Parts)
            {
                AppendRow(text, result.Definition.Id, part.Name, Number(part.Value.Median, part.Unit), Range(part.Value));
            }
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, params string[] cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).AppendLine(" |");

    private static string[] Row(MeasureResult result)
    {
        var definition = result.Definition;
        return result.Value is { } value
            ? [definition.Id, definition.Name, Number(value.Median, definition.Unit), Range(value), definition.BestKnown, definition.Goal]
            : [definition.Id, definition.Name, $"not measured: {result.NotMeasured}", "", definition.BestKnown, definition.Goal];
    }

    private static string Range(Spread value) => $"{Number(value.Least, "")} to {Number(value.Most, "")}";

    /// <summary>Three digits that say something, thousands set apart.</summary>
    private static string Number(double value, string unit)
    {
        var format = Math.Abs(value) switch { >= 100 => "#,0", >= 10 => "0.0", >= 1 or 0 => "0.00", >= 0.01 => "0.000", _ => "0.0e0" };
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}".TrimEnd();
    }
}
