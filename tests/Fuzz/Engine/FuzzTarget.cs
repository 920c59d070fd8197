using System.Text;

namespace Serving.Fuzz.Engine;

/// <summary>Something that reads bytes which it did not write, and what it promises about them.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Its name on the command line, and that of its folder in the corpus.</summary>
    public abstract string Name { get; }

    /// <summary>How many inputs <c>./test</c> tries: as many as take a few seconds.</summary>
    public virtual int Rounds => 50_000;

    /// <summary>The format's own words, which the mutator puts anywhere.</summary>
    public virtual IReadOnlyList<byte[]> Tokens => [];

    /// <summary>Whether inputs are texts, which damage by binary numbers and odd bytes would only make no texts.</summary>
    public virtual bool IsText => false;

    /// <summary>Well-formed inputs to start from, beside the corpus; at least one.</summary>
    public abstract IEnumerable<byte[]> Seeds(Random random);

    /// <summary>
    /// Reads an input and says what became of it. Whatever is thrown is a finding: exceptions of the reader, and
    /// <see cref="Finding"/> where it kept no promise. Depends on nothing but the input.
    /// </summary>
    public abstract Verdict Try(byte[] input);

    /// <summary>Words as bytes.</summary>
    protected static byte[][] Words(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Chance that an input brings with it, so that it meets the same when it is tried again.</summary>
    protected static Random ChanceOf(ReadOnlySpan<byte> input)
    {
        // FNV-1a.
        var hash = 2166136261;
        foreach (var value in input)
        {
            hash = (hash ^ value) * 16777619;
        }

        return new Random((int)hash);
    }
}
