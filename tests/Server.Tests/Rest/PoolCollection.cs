namespace Serving.Server.Tests.Rest;

/// <summary>Tests that count what is rented from the process's pool: nothing else may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PoolCollection
{
    public const string Name = "The process's buffer pool";
}
