using System.Globalization;
using System.Text;

namespace Serving.Runtime.Simulation;

/// <summary>
/// The text form of a trace: a request a line, its time in seconds, its rows, the length of each, then any of
/// <c>deadline=MILLISECONDS</c>, <c>priority=NUMBER</c>, <c>tenant=NAME</c>, <c>model=NAME/VERSION</c>; names are
/// percent-encoded. Lines that begin with <c>#</c>, and empty ones, say nothing.
/// </summary>
public static class ArrivalTrace
{
    /// <summary>More lines are refused; some gigabytes of memory.</summary>
    private const int MostArrivals = 20_000_000;

    /// <summary>Reads a trace and sorts it by time, so that it begins at 0.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="model">Whose arrivals are wanted, a name or NAME/VERSION; null where all are of one model.</param>
    /// <exception cref="InvalidDataException">A line is wrong, the trace is empty or has several models; the message says which and what was expected.</exception>
    public static IReadOnlyList<Arrival> Read(TextReader text, string? model = null)
    {
        var arrivals = new List<Arrival>();
        var models = new SortedSet<string>(StringComparer.Ordinal);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var arrival = Parse(line, number, out var of);
            models.Add(of);
            if (model is null || of.Equals(model, StringComparison.OrdinalIgnoreCase) || of.StartsWith(model + "/", StringComparison.OrdinalIgnoreCase))
            {
                arrivals.Add(arrival);
            }

            if (arrivals.Count > MostArrivals)
            {
                throw new InvalidDataException($"more than {MostArrivals} arrivals");
            }
        }

        if (arrivals.Count == 0 || (model is null && models.Count > 1))
        {
            var known = models.Count == 0 ? "there are none" : $"there are those of {string.Join(", ", models.Select(m => m.Length == 0 ? "an unnamed model" : $"'{m}'"))}";
            throw new InvalidDataException(arrivals.Count == 0 ? $"no arrivals{(model is null ? "" : $" of '{model}'")}; {known}" : $"arrivals of several models; {known}; one must be chosen");
        }

        return FromZero(arrivals);
    }

    /// <summary>Writes one line.</summary>
    /// <param name="to">Takes it.</param>
    /// <param name="arrival">The request.</param>
    /// <param name="model">Its model; null or empty to leave it out.</param>
    public static void AppendLine(StringBuilder to, in Arrival arrival, string? model = null)
    {
        to.Append(CultureInfo.InvariantCulture, $"{arrival.At:0.000000} {arrival.Rows} {arrival.Length}");
        if (arrival.Deadline < double.PositiveInfinity)
        {
            to.Append(CultureInfo.InvariantCulture, $" deadline={arrival.Deadline * 1000:0.###}");
        }

        if (arrival.Priority > 0)
        {
            to.Append(CultureInfo.InvariantCulture, $" priority={arrival.Priority}");
        }

        if (!string.IsNullOrEmpty(arrival.Tenant))
        {
            to.Append(" tenant=").Append(Uri.EscapeDataString(arrival.Tenant));
        }

        if (!string.IsNullOrEmpty(model))
        {
            to.Append(" model=").Append(Encode(model));
        }

        to.Append('\n');
    }

    private static string Encode(string model) => string.Join('/', model.Split('/').Select(Uri.EscapeDataString));

    private static IReadOnlyList<Arrival> FromZero(List<Arrival> arrivals)
    {
        var sorted = arrivals.OrderBy(a => a.At).ToArray();
        var start = sorted[0].At;
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = sorted[i] with { At = sorted[i].At - start };
        }

        return sorted;
    }

    private static Arrival Parse(string line, int number, out string model)
    {
        model = "";
        var fields = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 3)
        {
            throw Wrong(number, $"'{line}'", "seconds, rows and length");
        }

        var arrival = new Arrival(
            Number(fields[0], number, "the time", 0), Whole(fields[1], number, "the rows"), Whole(fields[2], number, "the length"));
        foreach (var field in fields.AsSpan(3))
        {
            var (name, value) = field.Split('=', 2) is [var before, var after] ? (before, after) : (field, "");
            switch (name)
            {
                case "deadline":
                    arrival = arrival with { Deadline = Number(value, number, "the deadline", 0) / 1000 };
                    break;
                case "priority":
                    arrival = arrival with { Priority = Whole(value, number, "the priority") };
                    break;
                case "tenant":
                    arrival = arrival with { Tenant = Uri.UnescapeDataString(value) };
                    break;
                case "model":
                    model = Uri.UnescapeDataString(value);
                    break;
                default:
                    throw Wrong(number, $"'{field}'", "deadline=, priority=, tenant= or model=");
            }
        }

        return arrival;
    }

    private static double Number(string text, int line, string what, double least) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= 1e12
            ? value : throw Wrong(line, $"{what} '{text}'", $"a number from {least.ToString(CultureInfo.InvariantCulture)}");

    private static int Whole(string text, int line, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 1 << 20
            ? value : throw Wrong(line, $"{what} '{text}'", $"a whole number from 1 to {1 << 20}");

    private static InvalidDataException Wrong(int line, string what, string expected) => new($"line {line}: {what}; expected {expected}");
}
