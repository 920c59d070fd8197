using Serving.Runtime.Images;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Images;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Ocr;

/// <summary>
/// Reads what is written in a picture, with the three models of PP-OCR: one finds lines, one tells which are upside down, one reads
/// them. Each line is a request of its own to the models' queues, where it shares batches with lines of other pictures.
/// </summary>
internal sealed class TextRecognition : ITask
{
    public const string Name = "ocr";
    public const string Text = "text";

    private readonly CtcText _texts;

    private TextRecognition(TaskMaterial material)
    {
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        var file = Settings.Get(OcrOptions.Dictionary) ?? "dictionary.txt";
        _texts = CtcText.Read(material.Files.Find(file) ?? throw new TaskException($"there is no file '{file}' with the recogniser's characters beside model.yaml"));
        Models =
        [
            Settings.Get(OcrOptions.Detector) ?? "pp-ocrv4-detection",
            Settings.Get(OcrOptions.Classifier) ?? "pp-ocrv4-direction",
            Settings.Get(OcrOptions.Recogniser) ?? "pp-ocrv4-recognition",
        ];
        Details = new TaskDetails(Name, material.Evidence) { Parameters = Settings.Parameters };
    }

    public static TaskKind Kind { get; } = new(Name, OcrOptions.All, static _ => null, material => new TextRecognition(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<string> Models { get; }

    public IReadOnlyList<TensorSignature> Inputs => ImageGraph.Inputs;

    public IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(Text, ElementType.Bytes, ("lines", -1)),
        TensorSignatures.PerRow(TopClasses.Score, ElementType.Float32, ("lines", -1)),
        TensorSignatures.PerRow(ObjectDetection.Box, ElementType.Float32, ("lines", -1), ("corners", 8)),
        RaggedCounts.Output,
    ];

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var files = call.Bytes(ImageGraph.Image);
        var limits = ImageOptions.Limits(call.Settings);
        var reading = new TextReading(call, _texts);
        var pages = new TextLine[files.Length][];

        // One after the other: a page has enough lines of its own to keep the models busy.
        for (var row = 0; row < files.Length; row++)
        {
            if (!(await PictureWork.RunAsync<Raster>([files[row]], row, files.Length, limits, static picture => picture, call.CancellationToken).ConfigureAwait(false))
                .TryGetValue(out var pictures, out var failure))
            {
                return failure;
            }

            using var picture = pictures[0];
            if (!(await reading.ReadAsync(picture).ConfigureAwait(false)).TryGetValue(out var lines, out failure))
            {
                return files.Length == 1 ? failure : failure with { Message = $"row {row}: {failure.Message}" };
            }

            pages[row] = lines;
        }

        return Answer(pages);
    }

    private static TaskAnswer Answer(TextLine[][] pages)
    {
        var rows = new RaggedRows<TextLine>(pages);
        var answer = new TaskAnswer()
            .Add(Text, rows.Shape, rows.Texts(line => line.Text))
            .Add(TopClasses.Score, rows.Shape, rows.Floats(line => line.Score))
            .Add(ObjectDetection.Box, rows.ShapeOf(8), rows.Floats(8, line => line.Place.ToArray()));
        rows.AddCounts(answer);
        return answer;
    }
}
