using System.Globalization;
using Serving.Fuzz.Engine;
using Serving.Fuzz.Targets;

// dotnet run -c Release --project tests/Fuzz -- <target>|all [--minutes N] [--seed N]
if (args.Length is not (1 or 3 or 5) || args.Where((_, i) => i % 2 == 1).Any(option => option is not ("--minutes" or "--seed")))
{
    Console.Error.WriteLine($"usage: <target> [--minutes N] [--seed N]; targets are all, {string.Join(", ", AllTargets.List.Select(target => target.Name))}");
    return 2;
}

try
{
    var minutes = double.Parse(Option("--minutes") ?? "1", CultureInfo.InvariantCulture);
    var seed = int.Parse(Option("--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    var targets = args[0] == "all" ? AllTargets.List : [AllTargets.Find(args[0])];
    foreach (var target in targets)
    {
        Console.WriteLine($"{target.Name}: {minutes / targets.Count:0.##} minutes, seed {seed}");
        var report = new FuzzRun(target, Corpus.Of(target), seed) { Grows = true }.Run(TimeSpan.FromMinutes(minutes / targets.Count));
        Console.WriteLine($"{target.Name}: {report.Tried} inputs, {report.Accepted} accepted, {report.Refused} refused, {report.Outcomes} different outcomes");
        foreach (var line in report.Lines().Take(40))
        {
            Console.WriteLine(line);
        }
    }

    return 0;
}
catch (Exception e) when (e is Finding or ArgumentException or FormatException)
{
    Console.Error.WriteLine(e);
    return 1;
}

string? Option(string name) => Array.IndexOf(args, name) is > 0 and var at ? args[at + 1] : null;
