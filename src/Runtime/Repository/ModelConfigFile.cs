using Serving.Runtime.Configuration;

namespace Serving.Runtime.Repository;

/// <summary>The configuration in a model's folder.</summary>
internal static class ModelConfigFile
{
    public const string Yaml = "model.yaml";
    public const string Pbtxt = "config.pbtxt";

    public static bool IsIn(Folder folder) => folder.HasFile(Yaml) || folder.HasFile(Pbtxt);

    /// <summary>What the folder's configuration says; an empty one where there is none.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="expectedName">The name that config.pbtxt must repeat if it gives one; null where any will do.</param>
    /// <exception cref="ConfigException">It is wrong.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelConfig Read(Folder folder, string? expectedName)
    {
        if (folder.HasFile(Yaml))
        {
            var config = ModelYamlReader.Read(Text(folder, Yaml), Path.Combine(folder.Path, Yaml));
            return folder.HasFile(Pbtxt)
                ? config with { Warnings = config.Warnings.Add($"{Pbtxt} is not read, because there is a {Yaml}") }
                : config;
        }

        return folder.HasFile(Pbtxt)
            ? ConfigPbtxtReader.Read(Text(folder, Pbtxt), Path.Combine(folder.Path, Pbtxt), expectedName)
            : ModelConfig.Empty;
    }

    private static string Text(Folder folder, string name)
    {
        var path = Path.Combine(folder.Path, name);
        var size = folder.Files.First(f => f.Name == name).Size;

        // A character takes at most four bytes; the reader refuses what is still too long.
        return size <= 4L * ConfigLimits.FileLength
            ? File.ReadAllText(path)
            : throw new ConfigException(path, [$"the file has {size} bytes; allowed are {ConfigLimits.FileLength} characters"]);
    }
}
