namespace Serving.Server.Hosting;

/// <summary>How log entries are written to the console.</summary>
public enum LogFormat : byte
{
    /// <summary>One line each, for people.</summary>
    Text,

    /// <summary>One JSON object each, for machines. Nothing else is written to standard output then.</summary>
    Json,
}
