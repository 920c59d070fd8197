namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>A way that a match can go: where its steps begin, what it can begin with and, behind, how many characters it has.</summary>
internal readonly record struct Branch(int Start, FirstUnits First, int Length);
