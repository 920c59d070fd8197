namespace Serving.Deployment.Tests.Tools;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(At(parts));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Serving.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
