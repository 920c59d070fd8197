using System.Globalization;
using System.Numerics;
using Serving.Runtime.Inference;

namespace Serving.Server.Tracing;

/// <summary>The changes that one request asks for, checked one by one and then applied together. Errors have Triton's words.</summary>
/// <param name="directory">Where trace files lie; null where the file cannot be chosen.</param>
internal sealed class TraceChange(string? directory)
{
    public const string File = "trace_file";
    public const string Level = "trace_level";
    public const string Rate = "trace_rate";
    public const string Count = "trace_count";
    public const string LogFrequency = "log_frequency";
    public const string Mode = "trace_mode";

    public const string Off = "OFF";
    public const string Timestamps = "TIMESTAMPS";

    /// <summary>The only mode: files as Triton writes them.</summary>
    public const string TritonMode = "triton";

    private static readonly string[] Names = [File, Level, Rate, Count, LogFrequency, Mode];

    private readonly List<Func<TraceOverrides, TraceOverrides>> _changes = [];

    /// <summary>Takes a setting over. Null, or why it cannot be.</summary>
    /// <param name="name">Its name in the protocol.</param>
    /// <param name="values">Its values; none to clear it.</param>
    public InferenceFailure? Set(string name, IReadOnlyList<string> values) => name switch
    {
        File => SetFile(values),
        Level => SetLevel(values),
        Rate => SetNumber<uint>(name, values, uint.MinValue, (overrides, value) => overrides with { Rate = value }),
        LogFrequency => SetNumber<uint>(name, values, uint.MinValue, (overrides, value) => overrides with { LogFrequency = value }),
        Count => SetCount(values),
        Mode => values is [] or [TritonMode]
            ? null
            : InferenceFailure.Unsupported($"{Mode} cannot be '{string.Join(',', values)}': it is '{TritonMode}'; spans by OTLP are sent where --otlp-endpoint says"),
        _ => InferenceFailure.InvalidInput($"there is no trace setting '{name}'; there are {string.Join(", ", Names)}"),
    };

    public TraceOverrides Apply(TraceOverrides overrides) => _changes.Aggregate(overrides, (changed, change) => change(changed));

    private InferenceFailure? SetFile(IReadOnlyList<string> values)
    {
        if (directory is null)
        {
            return InferenceFailure.Unsupported(
                "trace file location can not be updated through network protocol; start the server with --trace-directory to allow files in one folder");
        }

        if (values.Count > 1)
        {
            return OnlyOne(File);
        }

        return values is [var name] && TraceFile.Resolve(directory, name) is null
            ? InferenceFailure.InvalidInput($"{File} is '{name}'; expected the name of a file in {directory} (option --trace-directory), without folders")
            : Add(overrides => overrides with { File = values is [var file] ? file : null });
    }

    private InferenceFailure? SetLevel(IReadOnlyList<string> values)
    {
        foreach (var value in values)
        {
            switch (value)
            {
                case Off when values.Count > 1:
                    return InferenceFailure.InvalidInput("Expect only one trace level 'OFF' is specified");
                case Off or Timestamps:
                    break;
                case "TENSORS":
                    return InferenceFailure.Unsupported($"trace level TENSORS is not offered: what clients send is not written to files; {Timestamps} is");
                default:
                    return InferenceFailure.InvalidInput($"there is no trace level '{value}'; expected {Off} or {Timestamps}");
            }
        }

        return Add(overrides => overrides with { Timestamps = values.Count == 0 ? null : values[0] == Timestamps });
    }

    private InferenceFailure? SetCount(IReadOnlyList<string> values) =>
        values is [var text] && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) && count < -1
            ? InferenceFailure.InvalidInput($"Unable to parse '{Count}'. Expecting value >= -1, got: {count}")
            : SetNumber<int>(Count, values, -1, (overrides, value) => overrides with { Count = value });

    private InferenceFailure? SetNumber<T>(string name, IReadOnlyList<string> values, T least, Func<TraceOverrides, T?, TraceOverrides> change)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (values.Count == 0)
        {
            return Add(overrides => change(overrides, null));
        }

        if (values.Count > 1)
        {
            return OnlyOne(name);
        }

        if (!BigInteger.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return InferenceFailure.InvalidInput($"Unable to parse '{name}', got: {values[0]}");
        }

        if (number < BigInteger.CreateChecked(least) || number > BigInteger.CreateChecked(T.MaxValue))
        {
            return InferenceFailure.InvalidInput(
                string.Create(CultureInfo.InvariantCulture, $"Unable to parse '{name}', value is out of range [ {least}, {T.MaxValue} ], got: {values[0]}"));
        }

        return Add(overrides => change(overrides, T.CreateChecked(number)));
    }

    private static InferenceFailure OnlyOne(string name) => InferenceFailure.InvalidInput($"expect only 1 value for '{name}'");

    private InferenceFailure? Add(Func<TraceOverrides, TraceOverrides> change)
    {
        _changes.Add(change);
        return null;
    }
}
