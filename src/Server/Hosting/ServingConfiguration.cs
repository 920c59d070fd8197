namespace Serving.Server.Hosting;

/// <summary>Where options come from: appsettings.json beside the program, then the environment, then the command line.</summary>
internal static class ServingConfiguration
{
    public const string FileName = "appsettings.json";

    public static IConfigurationRoot Build(IReadOnlyDictionary<string, string?> commandLine, string folder) =>
        new ConfigurationBuilder()
            .SetBasePath(folder)
            .AddJsonFile(FileName, optional: true, reloadOnChange: false)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(commandLine)
            .Build();
}
