namespace Serving.Server.Tests.Grpc;

/// <summary>For tests that read counters of the whole process: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Serial
{
    public const string Name = "gRPC, alone";
}
