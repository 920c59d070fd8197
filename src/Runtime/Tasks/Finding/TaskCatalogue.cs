using Serving.Runtime.Tasks.Audio;
using Serving.Runtime.Tasks.Images;
using Serving.Runtime.Tasks.Ocr;
using Serving.Runtime.Tasks.Series;
using Serving.Runtime.Tasks.Tables;
using Serving.Runtime.Tasks.Text;

namespace Serving.Runtime.Tasks.Finding;

/// <summary>The tasks that there are. The first that recognises a model's files is what the model is served as.</summary>
internal static class TaskCatalogue
{
    public static IReadOnlyList<TaskKind> All { get; } =
    [
        Reranking.Kind,
        ZeroShotClassification.Kind,
        TextClassification.Kind,
        DocumentTokenClassification.Kind,
        TokenClassification.Kind,
        QuestionAnswering.Kind,
        SparseEmbedding.Kind,
        FillMask.Kind,
        Embedding.Kind,
        ImageClassification.Kind,
        ObjectDetection.Kind,
        ImageSegmentation.Kind,
        DepthEstimation.Kind,
        ImageToImage.Kind,
        ImageEmbedding.Kind,
        TextRecognition.Kind,
        AudioClassification.Kind,
        SpeechRecognition.Kind,
        VoiceActivityDetection.Kind,
        Forecasting.Kind,
        TabularClassification.Kind,
        TabularRegression.Kind,
    ];
}
