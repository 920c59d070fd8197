using Microsoft.ML.OnnxRuntime;
using Serving.Runtime.Configuration;
using Serving.Runtime.Graphs;
using Serving.Runtime.Graphs.Rewriting;
using Serving.Runtime.Onnx.Providers;

namespace Serving.Runtime.Onnx;

/// <summary>Makes sessions: the first provider that can load the graph is used, the others' reasons are kept.</summary>
internal static class SessionFactory
{
    /// <summary>Loads a graph.</summary>
    /// <param name="path">The graph's file.</param>
    /// <param name="settings">How.</param>
    /// <param name="graph">What it says about itself.</param>
    /// <exception cref="GraphException">No provider could load it; the message has each one's reason.</exception>
    public static (OnnxSession Session, IReadOnlyDictionary<string, string> Refused) Create(string path, SessionSettings settings, OnnxGraph graph)
    {
        var refused = new Dictionary<string, string>();
        foreach (var config in settings.Providers)
        {
            try
            {
                return (Create(path, settings, config, graph), refused);
            }
            catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
            {
                refused[config.Name] = Shorten(e.Message);
            }
        }

        throw new GraphException(string.Join("; ", refused.Select(r => refused.Count == 1 ? r.Value : $"{r.Key}: {r.Value}")));
    }

    // ONNX Runtime puts its own source file and line before what the user can use.
    private static string Shorten(string message)
    {
        const string mark = " : FAIL : ";
        var start = message.IndexOf(mark, StringComparison.Ordinal);
        return (start < 0 ? message : message[(start + mark.Length)..]).Trim();
    }

    private static OnnxSession Create(string path, SessionSettings settings, ProviderConfig config, OnnxGraph graph)
    {
        var options = new SessionOptions();
        ExternalWeights? weights = null;
        try
        {
            Configure(options, settings);
            ExecutionProviders.Find(config.Name).Append(options, config.Options);

            // Other providers have their own copy of the weights once the session is made.
            var isProcessor = config.Name == ProviderNames.Cpu;
            weights = isProcessor ? ExternalWeights.Read(Path.GetDirectoryName(path)!, graph.ExternalData) : null;
            weights?.AddTo(options);

            // What is rewritten, and into what, suits the processor's kernels.
            var rewritten = isProcessor && settings.Optimization == OptimizationLevel.All ? GraphRewriter.TryRewrite(path, graph) : null;
            return new OnnxSession(Load(path, rewritten, options), options, weights, config.Name);
        }
        catch
        {
            weights?.Dispose();
            options.Dispose();
            throw;
        }
    }

    private static InferenceSession Load(string path, byte[]? rewritten, SessionOptions options)
    {
        try
        {
            return rewritten is null ? new InferenceSession(path, options) : new InferenceSession(rewritten, options);
        }
        catch (OnnxRuntimeException) when (rewritten is not null)
        {
            // Whatever is wrong is said of the file, and what was rewritten must not cost a model that loads without.
            return new InferenceSession(path, options);
        }
    }

    private static void Configure(SessionOptions options, SessionSettings settings)
    {
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        options.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
        options.InterOpNumThreads = 1;
        options.IntraOpNumThreads = settings.IntraOpThreads;
        options.GraphOptimizationLevel = settings.Optimization switch
        {
            OptimizationLevel.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
            OptimizationLevel.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
            OptimizationLevel.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
            _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
        };

        // Memory patterns are kept for each shape that was ever seen; shapes here are the clients' choice.
        options.EnableMemoryPattern = false;

        // Spinning threads of several sessions fight for the cores: 2.2 times the time was measured (performance notes, 1d).
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        foreach (var (key, value) in settings.Entries)
        {
            options.AddSessionConfigEntry(key, value);
        }

        foreach (var library in settings.CustomOps)
        {
            options.RegisterCustomOpLibrary(library);
        }
    }
}
