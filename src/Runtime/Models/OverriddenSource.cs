using System.Collections.Immutable;
using Serving.Runtime.Configuration;
using Serving.Runtime.Inference;
using Serving.Runtime.Repository;

namespace Serving.Runtime.Models;

/// <summary>A model as its files and a client's overrides together have it.</summary>
internal static class OverriddenSource
{
    // Arbitrary; what a folder can be called.
    private const int LongestName = 255;

    /// <summary>What is to be loaded; who asks disposes its upload where it is not.</summary>
    /// <param name="name">The model as the client calls it.</param>
    /// <param name="found">The model of that name in the repository; null where there is none.</param>
    /// <param name="overrides">What the client gives.</param>
    public static Outcome<ModelSource> Make(string name, ModelSource? found, LoadOverrides overrides)
    {
        if (!ReadConfig(found?.Name ?? name, overrides.Config, found?.Config.CustomOps ?? []).TryGetValue(out var config, out var failure))
        {
            return failure;
        }

        if (overrides.Files.Count == 0)
        {
            return found is null
                ? InferenceFailure.NotFound("no model of that name is in the repository, and no files are given")
                : Read(() => Reconfigure(found, config), found);
        }

        if (found is null && !IsName(name))
        {
            return InferenceFailure.InvalidInput($"the name cannot be that of a model; allowed are {LongestName} characters without slashes and control characters");
        }

        return UploadedFiles.Write(overrides.Files).TryGetValue(out var upload, out failure) ? ReadUpload(name, found, config, upload) : failure;
    }

    private static Outcome<ModelConfig> ReadConfig(string name, string json, ImmutableArray<string> allowedLibraries)
    {
        try
        {
            var config = ConfigPbtxtReader.ReadJson(json, "parameter 'config'", name);

            // A library runs as the server. Only who can write to the repository may choose one.
            return config.CustomOps.FirstOrDefault(library => !allowedLibraries.Contains(library)) is { } library
                ? InferenceFailure.InvalidInput($"parameter 'config': the library '{library}' is not one that the model's configuration in the repository names")
                : config;
        }
        catch (ConfigException error)
        {
            return InferenceFailure.InvalidInput(error.Message);
        }
    }

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && !name.Any(c => char.IsControl(c) || c is '/' or '\\');

    private static Outcome<ModelSource> ReadUpload(string name, ModelSource? found, ModelConfig config, UploadedFiles upload)
    {
        var source = Read(
            () => ModelFolder.Read(Folder.Open(upload.Path), found?.Name ?? name, found?.Repository ?? "", config) with { Upload = upload }, found);
        if (source.Failure is not null)
        {
            upload.Dispose();
        }

        return source;
    }

    private static ModelSource Reconfigure(ModelSource found, ModelConfig config)
    {
        if (found.Location == found.Directory)
        {
            return ModelFolder.Read(Folder.Open(found.Directory), found.Name, found.Repository, config);
        }

        var file = Path.GetFileName(found.Location);
        return config.File is { } other && other != file
            ? found with { Error = $"default_model_filename is '{other}', but the model is the file '{file}'" }
            : found with { Config = config };
    }

    /// <summary>
    /// The whole has the repository's fingerprint, so that it is followed only when files change there; the versions have one that is never
    /// seen again, so that then all of them are loaded anew.
    /// </summary>
    private static Outcome<ModelSource> Read(Func<ModelSource> read, ModelSource? found)
    {
        try
        {
            var source = read();
            var fingerprint = Fingerprint.Of(Guid.NewGuid().ToString());
            return source.Error is { } error
                ? InferenceFailure.InvalidInput(error)
                : source with
                {
                    Fingerprint = found?.Fingerprint ?? source.Fingerprint,
                    Versions = source.Versions.ToImmutableSortedDictionary(v => v.Key, v => v.Value with { Fingerprint = fingerprint }),
                };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return InferenceFailure.BackendFailed(error.Message);
        }
    }
}
