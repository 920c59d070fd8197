namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>A compiled pattern. Safe for any number of threads; each brings its <see cref="PatternMachine"/>.</summary>
internal sealed class Pattern
{
    /// <summary>Reads and compiles a pattern.</summary>
    /// <exception cref="PatternException">It cannot be read or is not supported.</exception>
    public Pattern(string pattern)
    {
        var node = PatternReader.Read(pattern);
        var compiler = new PatternCompiler();
        Program = compiler.Compile(node);
        Registers = compiler.Registers;
        First = FirstUnits.Of(node);
    }

    public Instruction[] Program { get; }

    public int Registers { get; }

    /// <summary>What a match can begin with.</summary>
    public FirstUnits First { get; }
}
