namespace Serving.Server.Grpc.Infer;

/// <summary>What the message wants of one output beyond that it is sent, before it is known whether it makes sense.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="Classification">The parameter <c>classification</c>.</param>
/// <param name="Region">Where it is to lie.</param>
internal readonly record struct ScannedDemand(string Output, ParameterValue? Classification, RegionParameters Region);
