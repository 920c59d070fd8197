using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics;
using System.Text.Json;
using Serving.Runtime.Simulation;
using Serving.Server.Hosting;
using Serving.Server.Hosting.Settings;

namespace Serving.Server.Commands.Simulate;

/// <summary>
/// <c>simulate</c>: replays recorded or made arrivals through the server's batching policy in virtual time, at their own
/// speed and at another, and prints what became of them.
/// </summary>
internal sealed class SimulateCommand
{
    /// <summary>The first argument that means this command.</summary>
    public const string Name = "simulate";

    private readonly SimulateOptions _options = new();
    private readonly RootCommand _root = new(
        "Replays requests through the server's batching policy, far faster than life: what happens to p99 at twice the traffic.\n\n" +
        "What runs take comes from a running server, which learns it; what comes, from a recording of '--record-arrivals' or a formula.");

    private SimulateCommand()
    {
        _root.Options.Remove(_root.Options.Single(option => option is VersionOption));
        foreach (var option in _options.All)
        {
            _root.Add(option);
        }
    }

    /// <summary>Runs the command and returns the exit code.</summary>
    /// <param name="args">What follows the command's name.</param>
    /// <param name="output">Takes the results.</param>
    /// <param name="error">Takes what is wrong.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var command = new SimulateCommand();
        var result = command._root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is HelpAction)
        {
            return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        }

        var errors = command.Mistakes(result);
        var request = command._options.Read(result, errors);
        if (errors.Count > 0)
        {
            return Report(errors, error);
        }

        try
        {
            await (request.Measures ? TakeMeasuresAsync(request, output) : ReplayAsync(request, output));
            return ExitCode.Success;
        }
        catch (InvalidDataException exception)
        {
            return Report([exception.Message], error);
        }
    }

    private List<string> Mistakes(ParseResult result)
    {
        var errors = result.Errors.Where(e => e.SymbolResult is not System.CommandLine.Parsing.CommandResult).Select(e => e.Message).ToList();
        foreach (var token in result.UnmatchedTokens.Where(t => t.StartsWith('-')))
        {
            var nearest = Spelling.Nearest(token.Split('=')[0], _options.All.Select(option => option.Name));
            errors.Add($"'{token}' is not an option of {Name}{(nearest is null ? "; --help lists all" : $"; did you mean '{nearest}'?")}");
        }

        if (errors.Count == 0 && result.UnmatchedTokens is [var first, ..])
        {
            errors.Add($"'{first}' is not expected here.");
        }

        return errors;
    }

    private static async Task ReplayAsync(SimulateRequest request, TextWriter output)
    {
        var costs = await CostSource.ReadAsync(request.Costs!, request.Model);
        var trace = Arrivals(request);
        var results = new List<SimulateResult>();
        foreach (var scale in request.Scale == 1 ? (double[])[1] : [1, request.Scale])
        {
            var scaled = Traffic.Scale(trace, scale);
            var start = Stopwatch.GetTimestamp();
            var report = Replay.Live(scaled, costs, request.Settings);
            var span = scaled[^1].At;
            results.Add(SimulateResult.Of(scale, report, span > 0 ? scaled.Length / span : 0, Stopwatch.GetElapsedTime(start)));
        }

        if (request.Json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(results, SimulateJsonContext.Default.IReadOnlyListSimulateResult));
            return;
        }

        await output.WriteLineAsync($"costs of {costs.Name}; {request.Settings.Workers} worker{(request.Settings.Workers == 1 ? "" : "s")}, batches of at most {request.Settings.MaxBatchRows} rows");
        SimulateTable.Write(output, results);
    }

    private static IReadOnlyList<Arrival> Arrivals(SimulateRequest request)
    {
        if (request.Trace is not { } path)
        {
            var count = (int)Math.Max(1, Math.Round(request.Rate * request.Duration));
            return Traffic.Random(request.Rate, count, request.Lengths, request.Burstiness, request.Settings.Seed, request.Deadline);
        }

        try
        {
            using var text = new StreamReader(path);
            return [.. ArrivalTrace.Read(text, request.Model).Select(a => double.IsPositiveInfinity(a.Deadline) ? a with { Deadline = request.Deadline } : a)];
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"--trace: '{path}': {exception.Message}", exception);
        }
    }

    private static async Task TakeMeasuresAsync(SimulateRequest request, TextWriter output)
    {
        IReadOnlyList<MeasuredValue> values = [.. SimulationMeasures.All];
        if (request.Json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(values, SimulateJsonContext.Default.IReadOnlyListMeasuredValue));
            return;
        }

        SimulateTable.Write(output, values);
    }

    private static int Report(IReadOnlyList<string> errors, TextWriter error)
    {
        error.WriteLine(errors.Count == 1 ? "Nothing was simulated:" : $"Nothing was simulated, for {errors.Count} reasons:");
        foreach (var mistake in errors)
        {
            error.WriteLine("  " + mistake);
        }

        return ExitCode.BadOptions;
    }
}
