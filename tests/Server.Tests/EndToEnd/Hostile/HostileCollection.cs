namespace Serving.Server.Tests.EndToEnd.Hostile;

/// <summary>For tests that compare how long inference takes: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HostileCollection
{
    public const string Name = "hostile clients, alone";
}
