using Serving.Server.Outputs;
using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>Which outputs the client wants, and which of them raw.</summary>
/// <param name="Names">The outputs in the client's order; empty for all.</param>
/// <param name="Binary">Per name, whether raw; null where the output leaves it to <paramref name="BinaryByDefault"/>.</param>
/// <param name="BinaryByDefault">Whether outputs that do not say themselves are raw.</param>
internal sealed record RequestedOutputs(IReadOnlyList<string> Names, IReadOnlyList<bool?> Binary, bool BinaryByDefault)
{
    /// <summary>All outputs, as JSON.</summary>
    public static RequestedOutputs AllAsJson { get; } = new([], [], false);

    /// <summary>All outputs, raw.</summary>
    public static RequestedOutputs AllAsBinary { get; } = new([], [], true);

    /// <summary>What is to become of single outputs before they are sent.</summary>
    public IReadOnlyList<OutputDemand> Demands { get; init; } = [];

    /// <summary>Where an output lies instead of in the response; null where it is sent.</summary>
    public OutputPlace? PlaceOf(string name) => OutputDelivery.Find(Demands, name)?.Place;

    public bool IsBinary(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                return Binary[i] ?? BinaryByDefault;
            }
        }

        return BinaryByDefault;
    }
}
