using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.HuggingFace;

/// <summary>A request and how its answer is written.</summary>
/// <param name="Request">What the task is asked.</param>
/// <param name="IsList">Whether several inputs were given, so that a list of answers is expected.</param>
internal sealed record HubRequest(TaskRequest Request, bool IsList)
{
    /// <summary>Whether vectors are compared instead of told.</summary>
    public bool IsSimilarity { get; init; }
}
