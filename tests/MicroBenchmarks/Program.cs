using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Serving.MicroBenchmarks;

// ./bench micro [--filter *Json*] [BenchmarkDotNet's other options]
Type[] all = [typeof(JsonReading), typeof(JsonWriting), typeof(MessageScanning), typeof(Planning)];

// In this process: its own would be built by a project that BenchmarkDotNet writes and that knows nothing of this repository's rules.
var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
var config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .HideColumns("Job", "Toolchain", "IterationCount", "LaunchCount", "WarmupCount")
    .AddLogger(ConsoleLogger.Default)
    .WithArtifactsPath(Path.Combine("artifacts", "micro"))
    .WithOptions(ConfigOptions.JoinSummary);

var summaries = BenchmarkSwitcher.FromTypes(all).Run(args.Length == 0 ? ["--filter", "*"] : args, config).ToList();
return summaries.Count > 0 && summaries.All(summary => summary.Reports.All(report => report.Success)) ? 0 : 1;
