namespace Serving.Runtime.Tests;

/// <summary>For tests that look at what the whole process holds, such as the memory of the shared pool: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
