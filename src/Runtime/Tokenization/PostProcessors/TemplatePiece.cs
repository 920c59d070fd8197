namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>A place in a template: a special token or, without one, a text, 0 or 1.</summary>
internal sealed record TemplatePiece(SpecialToken? Special, int Sequence, int TypeId);
