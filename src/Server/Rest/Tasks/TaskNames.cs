namespace Serving.Server.Rest.Tasks;

/// <summary>The tasks and tensors that dialects speak of; <c>docs/tasks.md</c> describes them.</summary>
internal static class TaskNames
{
    public const string Embedding = "sentence-embedding";
    public const string SparseEmbedding = "sparse-embedding";
    public const string Reranking = "reranking";
    public const string TextClassification = "text-classification";
    public const string ZeroShot = "zero-shot-classification";
    public const string TokenClassification = "token-classification";
    public const string QuestionAnswering = "question-answering";
    public const string FillMask = "fill-mask";
    public const string Speech = "automatic-speech-recognition";
    public const string TabularClassification = "tabular-classification";
    public const string TabularRegression = "tabular-regression";

    public const string Text = "text";
    public const string TextPair = "text_pair";
    public const string Query = "query";
    public const string Vector = "embedding";
    public const string TokenVectors = "token_embeddings";
    public const string Tokens = "tokens";
    public const string Label = "label";
    public const string Score = "score";
    public const string Index = "index";
    public const string Value = "value";
    public const string Count = "count";
    public const string Audio = "audio";
    public const string Word = "word";
    public const string Start = "start";
    public const string End = "end";
    public const string Duration = "duration";
    public const string Timestamps = "return_timestamps";
}
