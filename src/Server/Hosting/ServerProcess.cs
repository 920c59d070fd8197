using Serving.Server.Hosting.Settings;

namespace Serving.Server.Hosting;

/// <summary>The server as a process: from its settings to its exit code.</summary>
internal static class ServerProcess
{
    /// <summary>Runs until told to stop.</summary>
    /// <param name="commandLine">What the command line says, as configuration.</param>
    /// <param name="error">Where it says why it could not start.</param>
    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string?> commandLine, TextWriter error)
    {
        var errors = new List<string>();
        var options = ReadOptions(commandLine, errors);
        if (errors.Count > 0)
        {
            return ExitCode.Report(errors, error);
        }

        ComputeThreads.Reserve(options.Threads);
        await using var app = ServingHost.Build(options);
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception)
        {
            var sentence = StartFailure.Explain(exception, options, app.Services.GetRequiredService<Listeners>());
            await error.WriteLineAsync($"The server was not started: {sentence ?? exception.ToString()}");
            return ExitCode.Failure;
        }

        await app.WaitForShutdownAsync();
        return app.Services.GetRequiredService<EngineService>().Failed ? ExitCode.Failure : ExitCode.Success;
    }

    private static ServingOptions ReadOptions(IReadOnlyDictionary<string, string?> commandLine, List<string> errors)
    {
        try
        {
            var options = ServingOptionsBinder.Bind(ServingConfiguration.Build(commandLine, AppContext.BaseDirectory), errors);
            errors.AddRange(ServingOptionsValidator.Validate(options));
            return options;
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            errors.Add($"{ServingConfiguration.FileName}: {exception.GetBaseException().Message}");
            return new ServingOptions();
        }
    }
}
