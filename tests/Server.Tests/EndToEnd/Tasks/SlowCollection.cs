namespace Serving.Server.Tests.EndToEnd.Tasks;

/// <summary>For tests that fill the only server with long runs, and look at what the process holds: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SlowCollection : ICollectionFixture<SlowServer>
{
    public const string Name = "one slow server, alone";
}
