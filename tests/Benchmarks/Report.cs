using System.Globalization;

namespace Serving.Benchmarks;

/// <summary>The table.</summary>
internal static class Report
{
    public static void Row(string name, string unit, Spread spread)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{name,-64} {Number(spread.Median),8} ({Number(spread.Least)} to {Number(spread.Most)}) {unit}");
        Console.WriteLine(text.TrimEnd());
    }

    private static string Number(double value) => value.ToString(value < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
