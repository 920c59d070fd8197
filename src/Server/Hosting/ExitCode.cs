namespace Serving.Server.Hosting;

/// <summary>What the process answers to who started it.</summary>
internal static class ExitCode
{
    /// <summary>It did what was asked, and if told to stop, stopped.</summary>
    public const int Success = 0;

    /// <summary>It could not start, or could not go on.</summary>
    public const int Failure = 1;

    /// <summary>Its options are wrong; starting it again changes nothing.</summary>
    public const int BadOptions = 2;

    /// <summary>Tells what is wrong with the options, all of it.</summary>
    public static int Report(IReadOnlyCollection<string> errors, TextWriter output)
    {
        output.WriteLine(errors.Count == 1 ? "The server was not started:" : $"The server was not started, for {errors.Count} reasons:");
        foreach (var error in errors)
        {
            output.WriteLine("  " + error);
        }

        return BadOptions;
    }
}
