namespace Serving.Runtime.Configuration;

/// <summary>A place in a configuration file; both count from 1.</summary>
internal readonly record struct TextPosition(long Line, long Column);
