namespace Serving.Runtime.Configuration;

/// <summary>One axis of a tensor as <c>axes</c> in model.yaml declares it.</summary>
/// <param name="Name">The user's name for the axis; <c>batch</c> is the batch axis.</param>
/// <param name="Role">What the axis is.</param>
public readonly record struct AxisConfig(string Name, AxisRole Role);
