using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Planning;

/// <summary>A fixed part and a part per token, as an accelerator has.</summary>
internal sealed class LineCost(double start, double token) : IRunCost
{
    public double Predict(int rows, int length) => start + (token * rows * length);
}
