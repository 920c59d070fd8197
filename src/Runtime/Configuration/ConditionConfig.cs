namespace Serving.Runtime.Configuration;

/// <summary>A condition on the rows of a tensor: of each row the largest number counts.</summary>
/// <param name="Tensor">The ensemble's tensor.</param>
/// <param name="Above">What the number must be greater than; null for anything.</param>
/// <param name="Below">What the number must be less than; null for anything.</param>
public sealed record ConditionConfig(string Tensor, double? Above, double? Below);
