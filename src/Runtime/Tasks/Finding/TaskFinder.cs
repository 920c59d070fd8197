using Serving.Runtime.Configuration;

namespace Serving.Runtime.Tasks.Finding;

/// <summary>Says what task a model is, by what its user wrote or else by its files, and makes it.</summary>
internal static class TaskFinder
{
    /// <summary>What <c>task</c> in model.yaml says where a model shall be served by its tensors alone.</summary>
    public const string None = "none";

    /// <summary>The task; null where the model is called by its tensors.</summary>
    /// <param name="material">What is known of the model.</param>
    /// <param name="config">What its user wrote; null where nothing.</param>
    /// <param name="warning">Why it is not served as the task that it seems to be; null where there is nothing to say.</param>
    /// <exception cref="TaskException">It cannot be served as its user wrote; the message says why.</exception>
    public static ITask? Find(TaskMaterial material, TaskConfig? config, out string? warning)
    {
        warning = null;
        if (config?.Name == None)
        {
            return null;
        }

        if (config?.Name is { } name)
        {
            var named = TaskCatalogue.All.FirstOrDefault(kind => kind.Name == name)
                ?? throw new TaskException($"task.name: there is no task '{name}'; {NearestName.Suggest(name, [.. TaskCatalogue.All.Select(kind => kind.Name), None])}");
            return MakeNamed(named, material);
        }

        foreach (var kind in TaskCatalogue.All)
        {
            if (kind.Recognise(material) is not { } evidence)
            {
                continue;
            }

            try
            {
                return Make(kind, material with { Evidence = evidence });
            }
            catch (TaskException error) when (config is null)
            {
                warning = $"served by its tensors, not as the task {kind.Name} ({evidence}): {error.Message}";
                return null;
            }
        }

        warning = config is null ? SayWhatIsMissing(material) : null;
        return config is null
            ? null
            : throw new TaskException($"task: its files do not say which task it is; name it with task.name, one of {string.Join(", ", TaskCatalogue.All.Select(kind => kind.Name))}");
    }

    /// <summary>Why a model with some of a task's files is none; null for a graph that nothing says more of.</summary>
    private static string? SayWhatIsMissing(TaskMaterial material)
    {
        var architecture = material.Config.Architecture;
        var file = material.Input("input_ids") is not null ? "tokenizer.json"
            : material.Input("pixel_values") is not null || material.Input("input_values") is not null || material.Input("input_features") is not null ? "preprocessor_config.json"
            : null;
        var isThere = file is not null && material.Files.Find(file) is not null;
        return (architecture.Length > 0, isThere) switch
        {
            (true, false) when file is not null => $"served by its tensors: config.json says {architecture}, and there is no {file} beside the graph",
            (true, _) => $"served by its tensors: no task is known for {architecture} of config.json; model.yaml can name one",
            (false, true) => $"served by its tensors: there is a {file}, and no config.json with 'architectures' to say what the model is for; model.yaml can name the task",
            _ => null,
        };
    }

    private static ITask MakeNamed(TaskKind kind, TaskMaterial material)
    {
        try
        {
            return Make(kind, material with { Evidence = "named in the configuration" });
        }
        catch (TaskException error) when (!error.Message.Contains(kind.Name, StringComparison.Ordinal))
        {
            throw new TaskException($"it cannot be served as the task {kind.Name}: {error.Message}", error);
        }
    }

    private static ITask Make(TaskKind kind, TaskMaterial material)
    {
        try
        {
            return kind.Make(material);
        }
        catch (ConfigException error)
        {
            throw new TaskException(error.Message, error);
        }
    }
}
