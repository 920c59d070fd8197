namespace Serving.Runtime.Tokenization.Added;

/// <summary>An added token and where it was found.</summary>
internal readonly record struct AddedMatch(AddedToken Token, int Start, int End);
