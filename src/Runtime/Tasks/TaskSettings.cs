using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Serving.Runtime.Configuration;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks.Options;

namespace Serving.Runtime.Tasks;

/// <summary>The options of a task and their values: those of a model's configuration, and over them those of a request.</summary>
internal sealed class TaskSettings
{
    private readonly string _task;
    private readonly FrozenDictionary<string, TaskOption> _options;
    private readonly ImmutableDictionary<string, object> _values;

    /// <param name="task">The task's name, for messages.</param>
    /// <param name="options">Everything that can be chosen.</param>
    public TaskSettings(string task, IEnumerable<TaskOption> options)
        : this(task, options.ToFrozenDictionary(option => option.Name), ImmutableDictionary<string, object>.Empty)
    {
    }

    private TaskSettings(string task, FrozenDictionary<string, TaskOption> options, ImmutableDictionary<string, object> values)
    {
        _task = task;
        _options = options;
        _values = values;
    }

    /// <summary>The parameters that a request may give, each with what it says.</summary>
    public IReadOnlyDictionary<string, string> Parameters =>
        _options.Values.Where(option => option.IsPerRequest).OrderBy(option => option.Name, StringComparer.Ordinal).ToDictionary(option => option.Name, option => option.Description);

    /// <summary>What the model's configuration says of the task.</summary>
    /// <exception cref="TaskException">Something is unknown or not allowed; the message has all of it.</exception>
    public TaskSettings Configure(IReadOnlyDictionary<string, JsonElement> written)
    {
        var errors = new List<string>();
        var values = _values.ToBuilder();
        foreach (var (name, value) in written)
        {
            if (!_options.TryGetValue(name, out var option))
            {
                errors.Add($"task.{name}: the task '{_task}' has no such option; {NearestName.Suggest(name, _options.Keys)}");
            }
            else if (option.Read(value) is { } read)
            {
                values[name] = read;
            }
            else
            {
                errors.Add($"task.{name}: {value} is not allowed; allowed is {option.Allowed}");
            }
        }

        return errors.Count == 0 ? new TaskSettings(_task, _options, values.ToImmutable()) : throw new TaskException(string.Join("; ", errors));
    }

    /// <summary>What a request says over what is there; fails on what is unknown or not allowed.</summary>
    public Outcome<TaskSettings> With(IReadOnlyDictionary<string, JsonElement>? parameters)
    {
        if (parameters is null || parameters.Count == 0)
        {
            return this;
        }

        var values = _values.ToBuilder();
        foreach (var (name, value) in parameters)
        {
            if (!_options.TryGetValue(name, out var option) || !option.IsPerRequest)
            {
                return InferenceFailure.InvalidInput($"parameter '{name}' is unknown to the task '{_task}'; {NearestName.Suggest(name, [.. Parameters.Keys])}");
            }

            if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (option.Read(value) is not { } read)
            {
                return InferenceFailure.InvalidInput($"parameter '{name}' is {Shorten(value)}, expected {option.Allowed}");
            }

            values[name] = read;
        }

        return new TaskSettings(_task, _options, values.ToImmutable());
    }

    /// <summary>Whether anybody chose.</summary>
    public bool Has(TaskOption option) => _values.ContainsKey(option.Name);

    public bool Get(FlagOption option, bool otherwise) => _values.TryGetValue(option.Name, out var value) ? (bool)value : otherwise;

    public int Get(CountOption option, int otherwise) => _values.TryGetValue(option.Name, out var value) ? (int)value : otherwise;

    public double Get(NumberOption option, double otherwise) => _values.TryGetValue(option.Name, out var value) ? (double)value : otherwise;

    public string Get(ChoiceOption option, string otherwise) => _values.TryGetValue(option.Name, out var value) ? (string)value : otherwise;

    public string? Get(TextOption option) => _values.TryGetValue(option.Name, out var value) ? (string)value : null;

    public IReadOnlyList<string>? Get(ListOption option) => _values.TryGetValue(option.Name, out var value) ? (string[])value : null;

    private static string Shorten(JsonElement value) => ConfigErrors.Quote(value.GetRawText());
}
