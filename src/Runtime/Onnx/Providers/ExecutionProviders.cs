using System.Collections.Frozen;
using System.Collections.Immutable;
using Serving.Runtime.Configuration;

namespace Serving.Runtime.Onnx.Providers;

/// <summary>All execution providers, by name, and what is wrong with a request for one.</summary>
internal static class ExecutionProviders
{
    private static readonly FrozenDictionary<string, IExecutionProvider> ByName = Create().ToFrozenDictionary(p => p.Name);

    public static IExecutionProvider Find(string name) => ByName[name];

    /// <summary>A name without options, as on the command line.</summary>
    public static ProviderConfig Default(string name) => new(name, ImmutableDictionary<string, string>.Empty);

    /// <summary>Every error in a list of providers; empty where there is none.</summary>
    public static IEnumerable<string> Validate(IEnumerable<ProviderConfig> providers)
    {
        foreach (var provider in providers)
        {
            if (!ByName.TryGetValue(provider.Name, out var known))
            {
                yield return $"providers: '{provider.Name}' is not known; expected {string.Join(", ", ByName.Keys.Order())}";
                continue;
            }

            foreach (var (key, value) in provider.Options)
            {
                if (!known.Options.TryGetValue(key, out var option))
                {
                    yield return $"providers.{provider.Name}.{key}: not an option; expected one of {string.Join(", ", known.Options.Keys.Order())}";
                }
                else if (!option.Accepts(value))
                {
                    yield return $"providers.{provider.Name}.{key}: '{value}' is not {option.Expected}";
                }
            }
        }
    }

    private static IEnumerable<IExecutionProvider> Create()
    {
        var cuda = new CudaProvider();
        return [new TensorrtProvider(cuda), cuda, new DirectMlProvider(), new CpuProvider()];
    }
}
