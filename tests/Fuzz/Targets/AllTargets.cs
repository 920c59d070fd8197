using Serving.Fuzz.Engine;

namespace Serving.Fuzz.Targets;

/// <summary>The targets, by name.</summary>
internal static class AllTargets
{
    public static IReadOnlyList<FuzzTarget> List { get; } =
    [
        new GrpcFramesTarget(),
        new GrpcRequestsTarget(),
        new ModelInferTarget(),
        new RestJsonTarget(),
        new RestBinaryTarget(),
        new RestRawTarget(),
        new RestRepositoryTarget(),
        new DialectJsonTarget(),
        new HeadersTarget(),
        new ConfigPbtxtTarget(),
        new ConfigJsonTarget(),
        new ModelYamlTarget(),
        new OnnxGraphTarget(),
        new SoundTarget(),
        new PicturesTarget(),
        new PreprocessorTarget(),
    ];

    public static FuzzTarget Find(string name) => List.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"there is no target '{name}'; there are all, {string.Join(", ", List.Select(target => target.Name))}");
}
