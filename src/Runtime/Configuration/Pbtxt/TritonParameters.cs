using System.Collections.Immutable;
using System.Globalization;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Reads <c>parameters</c>, through which Triton's ONNX Runtime backend takes session options.</summary>
internal sealed class TritonParameters
{
    private const string Threads = "intra_op_thread_count";

    /// <summary>Parameters of Triton's backend that are not needed, each with the reason.</summary>
    private static readonly Dictionary<string, string> NotNeeded = new(StringComparer.Ordinal)
    {
        ["inter_op_thread_count"] = "runs are parallel here, not operators",
        ["execution_mode"] = "runs are parallel here, not operators",
        ["enable_mem_arena"] = "the server decides on memory arenas",
        ["enable_mem_pattern"] = "the server decides on memory patterns",
        ["memory.enable_memory_arena_shrinkage"] = "the server decides on memory arenas",
    };

    /// <summary>Options of the CUDA provider that could once be given here, each with the names of its numbers.</summary>
    private static readonly Dictionary<string, string[]> Cuda = new(StringComparer.Ordinal)
    {
        ["cudnn_conv_algo_search"] = ["EXHAUSTIVE", "HEURISTIC", "DEFAULT"],
        ["arena_extend_strategy"] = ["kNextPowerOfTwo", "kSameAsRequested"],
        ["gpu_mem_limit"] = [],
        ["do_copy_in_default_stream"] = [],
    };

    private static readonly string[] SessionPrefixes = ["session.", "optimization.", "ep.", "mlas."];

    private readonly TritonNotes _notes;
    private readonly ImmutableDictionary<string, string>.Builder _session = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Value, TextPosition At)> _cuda = new(StringComparer.Ordinal);

    public TritonParameters(TritonNotes notes) => _notes = notes;

    /// <summary>Options for the CUDA provider, for whoever decides whether there is one.</summary>
    public IReadOnlyDictionary<string, (string Value, TextPosition At)> CudaOptions => _cuda;

    public ModelConfig Read(PbtxtNode.Message root, ModelConfig config)
    {
        int? threads = null;
        foreach (var (key, entry) in _notes.Map(root.Messages("parameters"), "parameters"))
        {
            var value = PbtxtValues.Text(entry.Child("value").One("string_value")) ?? "";
            if (key == Threads)
            {
                threads = ReadThreads(value, entry.At);
            }
            else if (Cuda.TryGetValue(key, out var names))
            {
                _cuda[key] = (NameOf(key, value, names, entry.At), entry.At);
            }
            else if (SessionPrefixes.Any(p => key.StartsWith(p, StringComparison.Ordinal)))
            {
                _session[key] = value;
            }
            else
            {
                _notes.Warn(entry.At, $"parameters.{key}", NotNeeded.GetValueOrDefault(key, "no part of this server reads it"));
            }
        }

        return config with { IntraOpThreads = threads, SessionEntries = _session.ToImmutable() };
    }

    /// <summary>0 leaves the choice to the server.</summary>
    private int? ReadThreads(string value, TextPosition at)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads <= ConfigLimits.MaxThreads)
        {
            return threads == 0 ? null : threads;
        }

        var allowed = $"an integer from 0 to {ConfigLimits.MaxThreads}";
        _notes.Errors.Add(at, $"parameters.{Threads}", $"{ConfigErrors.Quote(value)} is not allowed; allowed is {allowed}");
        return null;
    }

    private string NameOf(string key, string value, string[] names, TextPosition at)
    {
        if (names.Length == 0 || names.Contains(value))
        {
            return value;
        }

        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < names.Length)
        {
            return names[number];
        }

        var allowed = string.Join(", ", names.Select((name, i) => $"{i} ({name})"));
        _notes.Errors.Add(at, $"parameters.{key}", $"{ConfigErrors.Quote(value)} is not allowed; allowed is {allowed}");
        return value;
    }
}
