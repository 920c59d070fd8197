namespace Serving.Contracts.Rest;

/// <summary>A registered region of system shared memory.</summary>
public sealed record SystemRegionBody(string Name, string Key, ulong Offset, ulong ByteSize);
