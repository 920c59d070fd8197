using System.Globalization;
using Serving.Soak;

// dotnet run -c Release --project tests/Soak -- [--minutes N] [--seed N] [--clients N]
if (args.Length % 2 != 0 || args.Where((_, i) => i % 2 == 0).Any(option => option is not ("--minutes" or "--seed" or "--clients")))
{
    Console.Error.WriteLine("usage: [--minutes N] [--seed N] [--clients N]");
    return 2;
}

var plan = new SoakPlan(
    TimeSpan.FromMinutes(double.Parse(Option("--minutes") ?? "20", CultureInfo.InvariantCulture)),
    int.Parse(Option("--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
    int.Parse(Option("--clients") ?? "12", CultureInfo.InvariantCulture));
Console.WriteLine($"soak: {plan.Length.TotalMinutes:0.##} minutes, {plan.Clients} clients, seed {plan.Seed}");
var report = await SoakRun.RunAsync(plan, Console.WriteLine);
foreach (var line in report.Lines())
{
    Console.WriteLine(line);
}

Console.WriteLine(report.Problems.Count == 0 ? "soak: PASS" : "soak: FAIL");
return report.Problems.Count == 0 ? 0 : 1;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : null;
