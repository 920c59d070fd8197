using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Serving.MicroBenchmarks;

Type[] all = [typeof(JsonReading), typeof(JsonWriting), typeof(MessageScanning), typeof(Planning)];

// Its own jobs would run in a process built by a project that BenchmarkDotNet writes and that does not meet this repository's rules.
if (args.Any(option => option is "--job" or "-j"))
{
    Console.Error.WriteLine("--job is not known");
    Console.Error.WriteLine("usage: ./bench micro [--quick] [--filter *Json*] [BenchmarkDotNet's other options]");
    return 2;
}

var config = ManualConfig.CreateEmpty()
    .AddJob((args.Contains("--quick") ? Job.Dry : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .HideColumns("Job", "Toolchain", "RunStrategy", "UnrollFactor", "InvocationCount", "IterationCount", "LaunchCount", "WarmupCount")
    .AddLogger(ConsoleLogger.Default)
    .AddExporter(MarkdownExporter.GitHub)
    .WithArtifactsPath(Path.Combine("artifacts", "micro"));
string[] options = [.. args.Where(option => option != "--quick")];
var isFiltered = options.Any(option => option is "--filter" or "-f");
var isAnswered = options.Any(option => option is "--list" or "--help" or "--version");

var summaries = BenchmarkSwitcher.FromTypes(all).Run(isFiltered ? options : [.. options, "--filter", "*"], config).ToList();
return isAnswered || (summaries.Count > 0 && summaries.All(summary => summary.Reports.All(report => report.Success))) ? 0 : 1;
