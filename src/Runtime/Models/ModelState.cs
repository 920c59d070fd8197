namespace Serving.Runtime.Models;

/// <summary>The states of a model version, as Triton's repository index names them (in upper case).</summary>
public enum ModelState : byte
{
    /// <summary>Found, but not wanted by anybody: unloaded by request, or outside the version policy.</summary>
    Unknown,
    Loading,
    Ready,
    Unloading,

    /// <summary>Could not be loaded, or is gone; the reason says why.</summary>
    Unavailable,
}
