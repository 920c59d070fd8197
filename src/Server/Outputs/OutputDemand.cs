using Serving.Server.SharedMemory;

namespace Serving.Server.Outputs;

/// <summary>What a request wants of one output, other than that it is sent as it is.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="Classes">How many classes it wants instead of the values; 0 for the values.</param>
/// <param name="Place">Where the values are to be written instead of being sent; null where they are to be sent.</param>
internal sealed record OutputDemand(string Output, int Classes, OutputPlace? Place);
