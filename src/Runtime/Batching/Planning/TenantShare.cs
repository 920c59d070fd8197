namespace Serving.Runtime.Batching.Planning;

/// <summary>What a tenant has taken of a queue.</summary>
internal sealed class TenantShare
{
    /// <summary>How many of its requests wait.</summary>
    public int Waiting { get; set; }

    /// <summary>When its work would be done if the lanes were its own.</summary>
    public double Finish { get; set; }
}
