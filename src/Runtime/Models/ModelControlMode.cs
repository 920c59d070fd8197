namespace Serving.Runtime.Models;

/// <summary>Who decides which models are loaded.</summary>
public enum ModelControlMode : byte
{
    /// <summary>The files: what appears is loaded, what changes is reloaded, what goes is unloaded.</summary>
    Poll,

    /// <summary>The load and unload calls.</summary>
    Explicit,

    /// <summary>The files as they were at the start.</summary>
    None,
}
