namespace Serving.Runtime.Repository;

/// <summary>The graph of a model or version folder, or why there is none.</summary>
/// <param name="Path">The graph's full path; null where there is none.</param>
/// <param name="Problem">What was looked for and not found; empty where there is a graph.</param>
internal sealed record GraphSearch(string? Path, string Problem)
{
    /// <summary>The name that a graph has unless the configuration says otherwise.</summary>
    public const string DefaultName = "model.onnx";

    /// <summary>The folder in which Hugging Face's exports keep graphs.</summary>
    public const string Subfolder = "onnx";

    private const string Extension = ".onnx";

    public static bool IsGraph(string file) => file.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && file.Length > Extension.Length;

    /// <summary>
    /// Looks for the file that the configuration names; else for model.onnx, here and under onnx/; else for the only other .onnx file, likewise.
    /// </summary>
    public static GraphSearch In(Folder folder, string? file)
    {
        if (file is not null)
        {
            var path = System.IO.Path.GetFullPath(file, folder.Path);
            return File.Exists(path) ? new GraphSearch(path, "") : Missing($"{path} does not exist; the configuration names it");
        }

        var subfolder = folder.HasFolder(Subfolder) ? folder.OpenChild(Subfolder) : null;
        return ByName(folder) ?? ByName(subfolder) ?? TheOnlyOne(folder) ?? TheOnlyOne(subfolder)
            ?? Missing($"there is no ONNX graph in {folder.Path}: looked for {DefaultName}, {Subfolder}/{DefaultName} "
                + $"and a single file of another name ending in {Extension}");
    }

    private static GraphSearch? ByName(Folder? folder) =>
        folder is not null && folder.HasFile(DefaultName) ? Found(folder, DefaultName) : null;

    private static GraphSearch? TheOnlyOne(Folder? folder)
    {
        var graphs = (folder?.Files ?? []).Select(f => f.Name).Where(IsGraph).ToList();
        return graphs switch
        {
            [] => null,
            [var only] => Found(folder!, only),
            _ => Missing($"there are several graphs in {folder!.Path} and none is {DefaultName}: {string.Join(", ", graphs)}; "
                + "name one with 'file' in model.yaml"),
        };
    }

    private static GraphSearch Missing(string problem) => new(null, problem);

    private static GraphSearch Found(Folder folder, string name) => new(System.IO.Path.Combine(folder.Path, name), "");
}
