using System.CommandLine;
using System.Globalization;
using Serving.Runtime.Simulation;
using Serving.Server.Hosting.Settings;

namespace Serving.Server.Commands.Simulate;

/// <summary>The options of <c>simulate</c>.</summary>
internal sealed class SimulateOptions
{
    /// <summary>More requests are not made; some gigabytes of memory.</summary>
    private const double MostRequests = 20_000_000;

    private readonly Option<string> _costs = Text("--costs", "file|url|name", "What runs take: a file of JSON, a running server's address, or an example: accelerator, processor.");
    private readonly Option<string> _model = Text("--model", "name[/version]", "The model, where the server or the trace has several.");
    private readonly Option<string> _trace = Text("--trace", "file", "Recorded arrivals, as --record-arrivals writes them.");
    private readonly Option<string> _arrivals = Text("--arrivals", "poisson|bursty[:cv2]", "Arrivals that are made instead: poisson (the default), or bursty with the squared coefficient of variation of the gaps, 8 without.");
    private readonly Option<string> _rate = Text("--rate", "number", "Made requests a second.");
    private readonly Option<string> _lengths = Text("--lengths", "lengths", $"Made requests' lengths: {LengthMix.Forms}. [default: 1]");
    private readonly Option<string> _duration = Text("--duration", "seconds", "How long requests are made. [default: 60]");
    private readonly Option<string> _scale = Text("--scale", "number", "How many times as fast arrivals come in the second replay. [default: 2]");
    private readonly Option<string> _workers = Text("--workers", "number", "How many runs there may be at a time. [default: 1]");
    private readonly Option<string> _maxBatch = Text("--max-batch", "number", "The most rows of a batch. [default: 32]");
    private readonly Option<string> _maxBatchTokens = Text("--max-batch-tokens", "number", "The most tokens of a batch, padding included. Default: any number.");
    private readonly Option<string> _maxQueue = Text("--max-queue", "number", "How many rows may wait. [default: 4096]");
    private readonly Option<string> _deadline = Text("--deadline", "ms", "The deadline of requests that name none. Default: none.");
    private readonly Option<string> _seed = Text("--seed", "number", "Makes arrivals and run times repeatable. [default: 1]");
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON instead of tables." };
    private readonly Option<bool> _measures = new("--measures") { Description = "Take the measures P8, P9 and P10 of docs/simulator.md instead." };

    public IEnumerable<Option> All =>
    [
        _costs, _model, _trace, _arrivals, _rate, _lengths, _duration, _scale, _workers, _maxBatch, _maxBatchTokens, _maxQueue,
        _deadline, _seed, _json, _measures,
    ];

    /// <summary>Reads them; what is wrong goes to <paramref name="errors"/>.</summary>
    public SimulateRequest Read(ParseResult result, List<string> errors)
    {
        var request = new SimulateRequest
        {
            Costs = result.GetValue(_costs),
            Model = result.GetValue(_model),
            Trace = result.GetValue(_trace),
            Burstiness = ReadBurstiness(result.GetValue(_arrivals), errors),
            Rate = Number(result, _rate, 0, 0, 1e7, errors),
            Lengths = ReadLengths(result.GetValue(_lengths), errors),
            Duration = Number(result, _duration, 60, 0.001, 1e7, errors),
            Scale = Number(result, _scale, 2, 0.001, 1000, errors),
            Deadline = result.GetValue(_deadline) is null ? double.PositiveInfinity : Number(result, _deadline, 0, 0.001, 1e9, errors) / 1000,
            Json = result.GetValue(_json),
            Measures = result.GetValue(_measures),
            Settings = new SimulationSettings
            {
                Workers = Whole(result, _workers, 1, 1, 1024, errors),
                MaxBatchRows = Whole(result, _maxBatch, 32, 1, 65_536, errors),
                MaxBatchTokens = result.GetValue(_maxBatchTokens) is null ? long.MaxValue : Whole(result, _maxBatchTokens, 0, 1, int.MaxValue, errors),
                MaxQueueRows = Whole(result, _maxQueue, 4096, 1, 1_000_000, errors),
                Seed = Whole(result, _seed, 1, 0, int.MaxValue, errors),
            },
        };
        if (!request.Measures && errors.Count == 0)
        {
            Check(result, request, errors);
        }

        return request;
    }

    private void Check(ParseResult result, SimulateRequest request, List<string> errors)
    {
        if (request.Costs is null)
        {
            errors.Add($"{_costs.Name} is missing: a file, the address of a running server, or one of {string.Join(", ", ExampleTables.Names)}.");
        }

        if (request.Trace is null && request.Rate <= 0)
        {
            errors.Add($"nothing comes: give recorded arrivals with {_trace.Name} FILE, or make some with {_rate.Name} NUMBER.");
        }

        foreach (var made in (Option[])[_arrivals, _rate, _lengths, _duration])
        {
            if (request.Trace is not null && result.GetResult(made) is not null)
            {
                errors.Add($"{made.Name} is for made arrivals and cannot be given with {_trace.Name}.");
            }
        }

        if (request.Rate * request.Duration > MostRequests)
        {
            errors.Add(FormattableString.Invariant($"{_rate.Name} times {_duration.Name} is {request.Rate * request.Duration:0} requests; at most {MostRequests:0} can be simulated."));
        }
    }

    private static Option<string> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    private double ReadBurstiness(string? text, List<string> errors)
    {
        var parts = text?.Split(':') ?? ["poisson"];
        switch (parts)
        {
            case ["poisson"]:
                return 1;
            case ["bursty"]:
                return 8;
            case ["bursty", var given] when double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 1000:
                return value;
            default:
                errors.Add($"{_arrivals.Name}: '{text}' is not poisson, bursty or bursty:NUMBER with a number from 1 to 1000.");
                return 1;
        }
    }

    private LengthMix ReadLengths(string? text, List<string> errors)
    {
        if (!LengthMix.TryParse(text ?? "1", out var mix))
        {
            errors.Add($"{_lengths.Name}: '{text}' is not {LengthMix.Forms}.");
        }

        return mix;
    }

    private static int Whole(ParseResult result, Option<string> option, int standard, int least, int most, List<string> errors)
    {
        var value = Number(result, option, standard, least, most, errors);
        if (value != Math.Floor(value))
        {
            errors.Add($"{option.Name}: '{result.GetValue(option)}' is not {OptionText.Expected(typeof(int))}.");
        }

        return (int)value;
    }

    private static double Number(ParseResult result, Option<string> option, double standard, double least, double most, List<string> errors)
    {
        if (result.GetValue(option) is not { } text)
        {
            return standard;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        errors.Add(FormattableString.Invariant($"{option.Name}: '{text}' is not a number from {least} to {most}."));
        return standard;
    }
}
