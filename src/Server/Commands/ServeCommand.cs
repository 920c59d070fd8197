using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Serving.Server.Hosting;
using Serving.Server.Hosting.Settings;

namespace Serving.Server.Commands;

/// <summary>The command line: one command whose options are those of <see cref="ServingOptions"/>.</summary>
internal sealed class ServeCommand
{
    private const string About =
        "Serves the ONNX models of a folder over REST and gRPC.\n\n" +
        "Every option can also be set in the environment, or in the section 'Serving' of appsettings.json. " +
        "The command line wins over the environment, the environment over the file.\n\n" +
        "'inspect PATH|MODEL' prints what is found about models instead of serving them; see 'inspect --help'.";

    private readonly RootCommand _root = new(About);
    private readonly Dictionary<OptionDefinition, Option> _options = [];
    private readonly VersionAction _version = new();

    public ServeCommand()
    {
        foreach (var option in _root.Options)
        {
            if (option is VersionOption)
            {
                option.Action = _version;
            }
        }

        foreach (var definition in OptionTable.All)
        {
            var option = Create(definition);
            _options.Add(definition, option);
            _root.Add(option);
        }
    }

    /// <summary>Runs the server, or answers --help or --version, and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var command = new ServeCommand();
        var errors = new List<string>();
        var result = command.Parse(args, errors);
        if (result.Action is HelpAction or VersionAction)
        {
            return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        }

        return errors.Count > 0
            ? ExitCode.Report(errors, error)
            : await ServerProcess.RunAsync(command.ReadSettings(result), error);
    }

    /// <summary>What the command line says, as configuration that goes on top of all other.</summary>
    public IReadOnlyDictionary<string, string?> ReadSettings(ParseResult result)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (definition, option) in _options)
        {
            if (result.GetResult(option) is not { Implicit: false } given)
            {
                continue;
            }

            var values = given.Tokens.Select(token => token.Value).ToArray();
            if (!definition.IsList)
            {
                settings[definition.Key] = values.Length == 0 ? "true" : values[^1];
                continue;
            }

            values = [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
            for (var i = 0; i < values.Length; i++)
            {
                settings[$"{definition.Key}:{i}"] = values[i];
            }
        }

        return settings;
    }

    public ParseResult Parse(string[] args, ICollection<string> errors)
    {
        // No response files: '@' may begin a management key.
        var result = _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

        // The command's own errors are the unknown tokens, of which there is more to say below.
        foreach (var error in result.Errors.Where(error => error.SymbolResult is not CommandResult))
        {
            errors.Add(error.Message);
        }

        var afterUnknown = false;
        foreach (var token in result.UnmatchedTokens)
        {
            if (token.StartsWith('-'))
            {
                var nearest = Spelling.Nearest(token.Split('=')[0], _options.Keys.Select(definition => definition.CommandLine));
                errors.Add($"'{token}' is not an option{(nearest is null ? "; --help lists all" : $"; did you mean '{nearest}'?")}");
            }
            else if (!afterUnknown)
            {
                errors.Add($"'{token}' is not expected here; a folder of models is given with '--repository {token}'.");
            }

            // What follows an unknown option is most likely its value and not a second mistake.
            afterUnknown = token.StartsWith('-');
        }

        return result;
    }

    private static Option Create(OptionDefinition definition)
    {
        Option option = definition.IsFlag ? new Option<bool>(definition.CommandLine)
            : definition.IsList ? new Option<string[]>(definition.CommandLine)
            : new Option<string>(definition.CommandLine);
        var standard = definition.Default.Length > 0 ? $" [default: {definition.Default}]" : string.Empty;
        option.Description = $"{definition.Description}{standard} [env: {definition.Environment}]";
        option.HelpName = definition.IsFlag ? null : OptionText.Placeholder(definition.ValueType);
        option.AllowMultipleArgumentsPerToken = definition.IsList;
        return option;
    }
}
