namespace Serving.Runtime.Models;

/// <summary>A line of the repository index.</summary>
/// <param name="Name">The model's name as the repository spells it.</param>
/// <param name="Version">The version; empty where a model has none that could be read.</param>
/// <param name="State">Its state.</param>
/// <param name="Reason">Why it is in that state; empty where there is nothing to say.</param>
public sealed record ModelStatus(string Name, string Version, ModelState State, string Reason);
