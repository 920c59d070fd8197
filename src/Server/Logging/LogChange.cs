using Serving.Runtime.Inference;

namespace Serving.Server.Logging;

/// <summary>The changes that one request asks for, checked one by one and then applied together.</summary>
internal sealed class LogChange
{
    public const string File = "log_file";
    public const string Info = "log_info";
    public const string Warning = "log_warning";
    public const string Error = "log_error";
    public const string VerboseLevel = "log_verbose_level";
    public const string Format = "log_format";

    /// <summary>Times as the console writes them unless told otherwise.</summary>
    public const string DefaultFormat = "default";

    public const string Iso8601Format = "ISO8601";

    private static readonly string[] Names = [File, Info, Warning, Error, VerboseLevel, Format];

    private readonly List<Func<LogSettings, LogSettings>> _changes = [];

    /// <summary>Whether times go back to those of the day.</summary>
    public bool WantsDefaultFormat { get; private set; }

    /// <summary>Takes a setting over. Null, or why it cannot be.</summary>
    /// <param name="name">Its name in the protocol.</param>
    /// <param name="value">A <see cref="bool"/>, a <see cref="long"/>, a text or something else; null leaves it as it is.</param>
    public InferenceFailure? Set(string name, object? value) => (name, value) switch
    {
        (File or Info or Warning or Error or VerboseLevel or Format, null) => null,
        (File, _) => InferenceFailure.Unsupported("log file location can not be updated through network protocol"),
        (Info, bool on) => Add(settings => settings with { Info = on }),
        (Warning, bool on) => Add(settings => settings with { Warning = on }),
        (Error, bool on) => Add(settings => settings with { Error = on }),
        (Info or Warning or Error, _) => InferenceFailure.InvalidInput($"expect boolean for '{name}', got {value}"),
        (VerboseLevel, long and >= 0 and <= uint.MaxValue) => Add(settings => settings with { VerboseLevel = (uint)(long)value }),
        (VerboseLevel, _) => InferenceFailure.InvalidInput($"expect uint32 for '{name}', got {value}"),
        (Format, string format) => SetFormat(format),
        (Format, _) => InferenceFailure.InvalidInput($"expect string for '{name}', got {value}"),
        _ => InferenceFailure.InvalidInput($"there is no log setting '{name}'; there are {string.Join(", ", Names)}"),
    };

    public LogSettings Apply(LogSettings settings) => _changes.Aggregate(settings, (changed, change) => change(changed));

    private InferenceFailure? SetFormat(string format)
    {
        if (format is not (DefaultFormat or Iso8601Format))
        {
            return InferenceFailure.InvalidInput($"invalid argument for {Format}, got: {format}; expected {DefaultFormat} or {Iso8601Format}");
        }

        WantsDefaultFormat = format == DefaultFormat;
        return Add(settings => settings with { Iso8601 = format == Iso8601Format });
    }

    private InferenceFailure? Add(Func<LogSettings, LogSettings> change)
    {
        _changes.Add(change);
        return null;
    }
}
