namespace Serving.TestKit.Source;

/// <summary>Reads the tables of a document.</summary>
public static class MarkdownTable
{
    /// <summary>The rows below the first heading row that begins with this cell, each as its cells without code marks.</summary>
    public static IReadOnlyList<string[]> Read(string document, string firstHeading)
    {
        var lines = document.Split('\n');
        var start = Array.FindIndex(lines, line => line.StartsWith('|') && Cells(line)[0] == firstHeading);
        if (start < 0)
        {
            throw new InvalidOperationException($"The document has no table whose first column is '{firstHeading}'.");
        }

        return [.. lines.Skip(start + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    /// <summary>A bar inside a cell is written <c>\|</c>.</summary>
    private static string[] Cells(string line) =>
        [.. line.Trim().Trim('|').Replace("\\|", "\u0001", StringComparison.Ordinal).Split('|')
            .Select(cell => cell.Trim().Replace("`", "", StringComparison.Ordinal).Replace('\u0001', '|'))];
}
