namespace Serving.Server.Hosting;

/// <summary>Says that <see cref="ServingServices.AddServing"/> was called.</summary>
internal sealed class ServingMarker;
