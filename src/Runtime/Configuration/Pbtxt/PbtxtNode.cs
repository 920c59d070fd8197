using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>A value of a text in protobuf's text format, with its place.</summary>
internal abstract record PbtxtNode(TextPosition At)
{
    /// <summary>What stands here, for messages.</summary>
    public abstract string Describe();

    /// <summary>A string, number or identifier; <paramref name="Text"/> has the number's sign, and no quotes.</summary>
    public sealed record Scalar(TextPosition At, PbtxtTokenKind Kind, string Text) : PbtxtNode(At)
    {
        public override string Describe() => Kind == PbtxtTokenKind.String ? $"the string {ConfigErrors.Quote(Text)}" : ConfigErrors.Quote(Text);
    }

    /// <summary>A message: its fields in the order of the text, repeated ones as often as they are there.</summary>
    public sealed record Message(TextPosition At, ImmutableArray<PbtxtField> Fields) : PbtxtNode(At)
    {
        public override string Describe() => "a message";

        /// <summary>The values of a field.</summary>
        public IEnumerable<PbtxtNode> All(string name) => Fields.Where(f => f.Name == name).Select(f => f.Value);

        /// <summary>The value of a field; null where it is not given.</summary>
        public PbtxtNode? One(string name) => All(name).FirstOrDefault();

        /// <summary>The messages of a field.</summary>
        public IEnumerable<Message> Messages(string name) => All(name).OfType<Message>();

        /// <summary>The message of a field; an empty one where it is not given.</summary>
        public Message Child(string name) => Messages(name).FirstOrDefault() ?? new Message(At, []);
    }
}
