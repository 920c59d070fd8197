using System.CommandLine;
using System.Text.Json;
using Serving.Runtime;
using Serving.Server.Hosting;
using Serving.Server.Rest.V2;

namespace Serving.Server.Commands.Inspect;

/// <summary>The verb <c>inspect</c>: what the server finds out about models, without serving them.</summary>
internal static class InspectCommand
{
    public const string Verb = "inspect";

    /// <summary>Prints what is found and returns the exit code: a failure where no model is found, or one cannot be loaded.</summary>
    /// <param name="args">What follows the verb.</param>
    /// <param name="output">Where the findings go.</param>
    /// <param name="error">Where complaints go.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var target = new Argument<string>("PATH|MODEL")
        {
            Description = "A graph, a model's folder or a repository; or, where there is no such path, a model's name in --repository.",
        };
        var repositories = new Option<string[]>("--repository") { Description = "The repositories in which the name is looked up." };
        var providers = new Option<string[]>("--providers")
        {
            Description = "Execution providers to try, in this order. Default: cpu.",
            AllowMultipleArgumentsPerToken = true,
        };
        var json = new Option<bool>("--json") { Description = "Print an array of objects instead of text." };
        var root = new RootCommand("Loads models as the server would and prints what it finds: tensors, batching and why, costs, memory.")
        {
            target, repositories, providers, json,
        };
        root.SetAction(async (parsed, token) =>
        {
            var options = new EngineOptions();
            foreach (var provider in parsed.GetValue(providers) ?? [])
            {
                options.Providers.Add(provider);
            }

            return await RunAsync(options, parsed.GetValue(target)!, parsed.GetValue(repositories) ?? [], parsed.GetValue(json), output, error, token);
        });
        return await root.Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
    }

    private static async Task<int> RunAsync(
        EngineOptions options, string target, string[] repositories, bool json, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (Choose(options, target, repositories) is not { } wants)
        {
            await error.WriteLineAsync($"'{target}' is no file or folder; a model's name needs '--repository DIR'.");
            return ExitCode.BadOptions;
        }

        var found = await new ModelInspector(options).RunAsync(wants, cancellationToken);
        if (found.Count == 0)
        {
            await error.WriteLineAsync($"No model was found for '{target}'.");
            return ExitCode.Failure;
        }

        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(found, StatusJsonContext.Default.IReadOnlyListInspection));
        }
        else
        {
            foreach (var one in found)
            {
                InspectionText.Write(one, output);
            }
        }

        return found.Any(one => one.Details.State == Runtime.Models.ModelState.Unavailable) ? ExitCode.Failure : ExitCode.Success;
    }

    /// <summary>Sets the repository, and tells which of its models are meant; null where there is none.</summary>
    private static Predicate<string>? Choose(EngineOptions options, string target, string[] repositories)
    {
        if (Directory.Exists(target))
        {
            options.Repository.Add(target);
            return static _ => true;
        }

        if (File.Exists(target))
        {
            options.Repository.Add(Path.GetDirectoryName(Path.GetFullPath(target))!);
            var name = Path.GetFileNameWithoutExtension(target);

            // A folder with a graph of this name is one model, called as the folder is.
            return name == "model" ? static _ => true : found => found.Equals(name, StringComparison.OrdinalIgnoreCase);
        }

        foreach (var repository in repositories)
        {
            options.Repository.Add(repository);
        }

        return repositories.Length == 0 ? null : found => found.Equals(target, StringComparison.OrdinalIgnoreCase);
    }
}
