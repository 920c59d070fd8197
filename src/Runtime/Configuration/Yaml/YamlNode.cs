using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>A value of a YAML file with its place.</summary>
internal abstract record YamlNode(TextPosition At)
{
    /// <summary>What stands here, for messages.</summary>
    public abstract string Describe();

    /// <summary>A single value. Quoted ones are always text.</summary>
    public sealed record Scalar(TextPosition At, string Value, bool IsQuoted) : YamlNode(At)
    {
        /// <summary>Whether nothing is given: <c>~</c>, <c>null</c> or no value at all.</summary>
        public bool IsNull => !IsQuoted && (Value is "" or "~" or "null" or "Null" or "NULL");

        public override string Describe() => IsNull ? "an empty value" : ConfigErrors.Quote(Value);
    }

    /// <summary>A list.</summary>
    public sealed record Sequence(TextPosition At, ImmutableArray<YamlNode> Items) : YamlNode(At)
    {
        public override string Describe() => "a list";
    }

    /// <summary>A map, its entries in the order of the file; keys may be there twice.</summary>
    public sealed record Mapping(TextPosition At, ImmutableArray<YamlEntry> Entries) : YamlNode(At)
    {
        public override string Describe() => "a map";
    }
}
