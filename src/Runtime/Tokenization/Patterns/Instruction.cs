using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>A step of a pattern's program; see <see cref="Op"/> for what its operands mean.</summary>
internal struct Instruction
{
    public Op Op;
    public int A;
    public int B;
    public int Min;
    public int Max;
    public CodePointSet? Set;
    public Branch[]? Branches;
}
