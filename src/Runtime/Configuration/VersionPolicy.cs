using System.Collections.Immutable;

namespace Serving.Runtime.Configuration;

/// <summary>Which versions of a model are served.</summary>
public abstract record VersionPolicy
{
    /// <summary>The highest one.</summary>
    public static VersionPolicy Default { get; } = new Latest(1);

    /// <summary>The versions of <paramref name="available"/> that are served, ascending.</summary>
    public abstract IReadOnlyList<long> Choose(IReadOnlyCollection<long> available);

    /// <summary>The highest <paramref name="Count"/> versions.</summary>
    public sealed record Latest(int Count) : VersionPolicy
    {
        public override IReadOnlyList<long> Choose(IReadOnlyCollection<long> available) =>
            [.. available.OrderDescending().Take(Count).Order()];
    }

    /// <summary>Every version.</summary>
    public sealed record All : VersionPolicy
    {
        public override IReadOnlyList<long> Choose(IReadOnlyCollection<long> available) => [.. available.Order()];
    }

    /// <summary>The versions named; one that does not exist is not an error, it may come later.</summary>
    public sealed record Specific(ImmutableArray<long> Versions) : VersionPolicy
    {
        public override IReadOnlyList<long> Choose(IReadOnlyCollection<long> available) =>
            [.. available.Where(v => Versions.Contains(v)).Order()];
    }
}
