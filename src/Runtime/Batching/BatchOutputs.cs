using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;

namespace Serving.Runtime.Batching;

/// <summary>
/// The outputs of one run, shared by the responses cut from them; the last response to be disposed gives the run back.
/// A row whose bytes lie together is answered where it lies; along an inner axis it is copied together first.
/// </summary>
internal sealed class BatchOutputs
{
    private readonly BoundRun _run;
    private readonly RunPlan _plan;
    private readonly OutputCutter[]? _cutters;
    private int _users;

    /// <param name="run">The run, which has succeeded.</param>
    /// <param name="plan">What it was.</param>
    /// <param name="axes">The outputs' batch axes, by name.</param>
    /// <param name="padding">How rows of different lengths are laid together; null where they are not.</param>
    /// <param name="users">How many responses will be cut.</param>
    public BatchOutputs(BoundRun run, RunPlan plan, IReadOnlyDictionary<string, int> axes, PaddingPlan? padding, int users)
    {
        _run = run;
        _plan = plan;
        _users = users;
        if (users == 1)
        {
            return;
        }

        _cutters = new OutputCutter[run.Outputs.Length];
        for (var i = 0; i < _cutters.Length; i++)
        {
            var name = plan.Outputs.Distinct[i];
            _cutters[i] = new OutputCutter(
                name, run.Outputs[i], axes.GetValueOrDefault(name, -1), plan.Rows, plan.PaddedTo is null ? null : padding!.Outputs[name]);
        }
    }

    /// <summary>
    /// Whether every output is as long as the lengths that the rows were padded to lead to; otherwise the plan does not hold there.
    /// </summary>
    public static bool FitLengths(BoundRun run, RunPlan plan, PaddingPlan? padding)
    {
        for (var i = 0; plan.PaddedTo is not null && i < run.Outputs.Length; i++)
        {
            foreach (var length in padding!.Outputs[plan.Outputs.Distinct[i]])
            {
                if (length.At(plan.PaddedTo[length.Class]) != run.Outputs[i].Shape[length.Axis])
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Cuts a member's outputs out.</summary>
    /// <param name="member">The member.</param>
    /// <param name="offset">Its first row.</param>
    /// <param name="copies">Takes what had to be copied.</param>
    /// <param name="place">Filled in place of a new array, where it is as long as it must be.</param>
    /// <exception cref="GraphException">An output cannot be cut.</exception>
    public OutputTensor[] Cut(AcceptedRequest member, int offset, OutputCopies copies, OutputTensor[]? place = null)
    {
        var (names, places) = (member.Outputs.Names, PlacesOf(member.Outputs));
        var tensors = place?.Length == names.Length ? place : new OutputTensor[names.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            ref readonly var output = ref _run.Outputs[places[i]];
            tensors[i] = _cutters is null
                ? new OutputTensor(names[i], output.Type, output.Shape, output.Memory)
                : _cutters[places[i]].Cut(member, offset, copies);
        }

        return tensors;
    }

    /// <summary>Gives up one response's share.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _run.Dispose();
        }
    }

    // The run asks for what all want; who wants less, or in another order, finds it by name.
    private int[] PlacesOf(OutputSelection wanted) => ReferenceEquals(wanted, _plan.Outputs)
        ? wanted.Places
        : Array.ConvertAll(wanted.Names, name => Array.IndexOf(_plan.Outputs.Distinct, name));
}
