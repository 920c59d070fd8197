using System.Collections.Immutable;
using Serving.Runtime.Configuration;

namespace Serving.Runtime.Ensembles;

/// <summary>
/// The steps of an ensemble in an order in which each comes after those whose tensors it reads. Immutable; checked for itself when it
/// is made. Whether the steps' models have such tensors is seen when they are asked.
/// </summary>
internal sealed class EnsemblePlan
{
    private readonly Dictionary<string, int> _maker;

    private EnsemblePlan(ImmutableArray<StepConfig> steps, Dictionary<string, int> maker, ImmutableArray<string> inputs, ImmutableArray<string> outputs)
    {
        Steps = steps;
        _maker = maker;
        Inputs = inputs;
        Outputs = outputs;
    }

    public ImmutableArray<StepConfig> Steps { get; }

    /// <summary>The tensors that a request gives: those that no step makes.</summary>
    public ImmutableArray<string> Inputs { get; }

    /// <summary>The tensors that are answered.</summary>
    public ImmutableArray<string> Outputs { get; }

    /// <exception cref="ConfigException">The steps do not make an ensemble; it carries everything that is wrong.</exception>
    public static EnsemblePlan Make(ModelConfig config)
    {
        var errors = new List<string>();
        var maker = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < config.Steps.Length; i++)
        {
            Check(config.Steps[i], $"steps[{i}]", errors);
            foreach (var made in config.Steps[i].Outputs.Values)
            {
                if (!maker.TryAdd(made, i))
                {
                    errors.Add($"steps[{i}]: the tensor '{made}' is already made by steps[{maker[made]}]");
                }
            }
        }

        var order = Order(config.Steps, maker, errors);
        var read = config.Steps.SelectMany(Read).ToHashSet(StringComparer.Ordinal);
        string[] inputs = [.. config.Steps.SelectMany(Read).Distinct().Where(name => !maker.ContainsKey(name))];
        var declared = config.Results.IsEmpty ? config.Outputs.Select(output => output.Name).ToImmutableArray() : config.Results;
        var outputs = declared.IsEmpty ? [.. config.Steps.SelectMany(step => step.Outputs.Values).Where(name => !read.Contains(name))] : declared;
        errors.AddRange(outputs.Where(name => !maker.ContainsKey(name)).Select(name => $"results: no step makes the tensor '{name}'; {NearestName.Suggest(name, maker.Keys)}"));
        if (outputs.IsEmpty && errors.Count == 0)
        {
            errors.Add("results: every tensor that a step makes is read by another; name those that are answered");
        }

        if (errors.Count > 0)
        {
            throw new ConfigException(config.Source, errors);
        }

        var place = order.Select((step, index) => (step, index)).ToDictionary(pair => pair.step, pair => pair.index);
        return new EnsemblePlan([.. order.Select(i => config.Steps[i])], maker.ToDictionary(pair => pair.Key, pair => place[pair.Value]), [.. inputs], outputs);
    }

    /// <summary>The step that makes a tensor; -1 for one that a request gives.</summary>
    public int MakerOf(string tensor) => _maker.GetValueOrDefault(tensor, -1);

    /// <summary>The steps that some outputs need, in order; those of other outputs are not run.</summary>
    public bool[] Needed(IEnumerable<string> outputs)
    {
        var needed = new bool[Steps.Length];
        var open = new Stack<string>(outputs);
        while (open.TryPop(out var tensor))
        {
            if (MakerOf(tensor) is var step and >= 0 && !needed[step])
            {
                needed[step] = true;
                foreach (var read in Read(Steps[step]))
                {
                    open.Push(read);
                }
            }
        }

        return needed;
    }

    /// <summary>The ensemble's tensors that a step reads.</summary>
    public static IEnumerable<string> Read(StepConfig step) =>
        step.Inputs.Values.Concat(step.Otherwise.Values).Concat(step.When is { } when ? [when.Tensor] : []).Distinct();

    private static void Check(StepConfig step, string where, List<string> errors)
    {
        errors.AddRange(step.ForEach.Where(input => !step.Inputs.ContainsKey(input)).Select(input => $"{where}.for_each: '{input}' is none of the step's inputs {string.Join(", ", step.Inputs.Keys)}"));
        errors.AddRange(step.Otherwise.Keys.Where(made => !step.Outputs.ContainsValue(made)).Select(made => $"{where}.otherwise: the step makes no tensor '{made}'"));
        if (step.When is null && !step.Otherwise.IsEmpty)
        {
            errors.Add($"{where}.otherwise: the step runs for every row; give it a condition with when");
        }
        else if (step.When is not null)
        {
            errors.AddRange(step.Outputs.Values.Where(made => !step.Otherwise.ContainsKey(made)).Select(made => $"{where}.otherwise: says nothing about '{made}' for the rows that the step does not run for"));
        }
    }

    /// <summary>Depth first; a step that waits for itself is an error.</summary>
    private static List<int> Order(ImmutableArray<StepConfig> steps, Dictionary<string, int> maker, List<string> errors)
    {
        var order = new List<int>();
        var state = new int[steps.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            Visit(i);
        }

        return order;

        void Visit(int step)
        {
            if (state[step] == 1)
            {
                errors.Add($"steps[{step}]: what it reads is made from what it makes");
            }

            if (state[step] != 0)
            {
                return;
            }

            state[step] = 1;
            foreach (var tensor in Read(steps[step]))
            {
                if (maker.TryGetValue(tensor, out var before))
                {
                    Visit(before);
                }
            }

            state[step] = 2;
            order.Add(step);
        }
    }
}
