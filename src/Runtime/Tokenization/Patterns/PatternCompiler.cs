using System.Runtime.InteropServices;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>Makes a pattern's program: steps for a machine with a stack of places to go back to.</summary>
internal sealed class PatternCompiler
{
    // Arbitrary; bounds what counted repetitions of repetitions grow to.
    private const int MaxInstructions = 50_000;

    private readonly List<Instruction> _program = [];

    /// <summary>How many registers the program needs.</summary>
    public int Registers { get; private set; }

    /// <summary>The program of a pattern.</summary>
    /// <exception cref="PatternException">It is too large, or looks behind for a text of no fixed length.</exception>
    public Instruction[] Compile(Node node)
    {
        Emit(node);
        Add(new Instruction { Op = Op.Accept });
        return [.. _program];
    }

    private int Here => _program.Count;

    private int Add(Instruction instruction)
    {
        if (Here == MaxInstructions)
        {
            throw new PatternException($"its repetitions grow to more than {MaxInstructions} steps");
        }

        _program.Add(instruction);
        return Here - 1;
    }

    private ref Instruction At(int place) => ref CollectionsMarshal.AsSpan(_program)[place];

    private void Emit(Node node)
    {
        switch (node)
        {
            case Node.Literal literal:
                EmitLiteral(literal.CodePoint);
                break;
            case Node.OneOf one:
                Add(new Instruction { Op = Op.OneOf, Set = one.Set });
                break;
            case Node.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Emit(part);
                }

                break;
            case Node.Alternatives alternatives:
                EmitAlternatives([.. alternatives.Choices]);
                break;
            case Node.Repeat repeat:
                EmitRepeat(repeat);
                break;
            case Node.Atomic atomic:
                EmitApart(Op.Atomic, atomic.Body);
                break;
            case Node.Look { IsBehind: true } look:
                EmitBehind(look);
                break;
            case Node.Look look:
                EmitApart(look.IsNegative ? Op.NotAhead : Op.Ahead, look.Body);
                break;
            case Node.Anchor anchor:
                Add(new Instruction { Op = Op.Anchor, A = (int)anchor.Kind });
                break;
        }
    }

    private void EmitLiteral(int codePoint)
    {
        Span<char> units = stackalloc char[2];
        var count = codePoint < 0x10000 ? 1 : 2;
        if (count == 1)
        {
            units[0] = (char)codePoint;
        }
        else
        {
            char.ConvertFromUtf32(codePoint).CopyTo(units);
        }

        foreach (var unit in units[..count])
        {
            Add(new Instruction { Op = Op.Unit, A = unit });
        }
    }

    private void EmitAlternatives(Node[] choices)
    {
        var branches = new Branch[choices.Length];
        var branch = Add(new Instruction { Op = Op.Branch, Branches = branches });
        var jumps = new List<int>();
        for (var i = 0; i < choices.Length; i++)
        {
            branches[i] = new Branch(Here, FirstUnits.Of(choices[i]), 0);
            Emit(choices[i]);
            jumps.Add(Add(new Instruction { Op = Op.Jump }));
        }

        jumps.ForEach(jump => At(jump).A = Here);
        At(branch).B = Here;
    }

    private void EmitRepeat(Node.Repeat repeat)
    {
        var set = repeat.Body switch
        {
            Node.OneOf one => one.Set,
            Node.Literal literal => new CodePointSet([(literal.CodePoint, literal.CodePoint + 1)]),
            _ => null,
        };
        if (set is not null && repeat.Mode != RepeatMode.Lazy)
        {
            Add(new Instruction { Op = repeat.Mode == RepeatMode.Greedy ? Op.Many : Op.ManyKept, Min = repeat.Min, Max = repeat.Max, Set = set });
        }
        else if (repeat.Mode == RepeatMode.Possessive)
        {
            EmitApart(Op.Atomic, repeat with { Mode = RepeatMode.Greedy });
        }
        else
        {
            EmitCopies(repeat);
        }
    }

    private void EmitCopies(Node.Repeat repeat)
    {
        for (var i = 0; i < repeat.Min; i++)
        {
            Emit(repeat.Body);
        }

        if (repeat.Max == int.MaxValue)
        {
            EmitLoop(repeat);
            return;
        }

        var choices = new List<int>();
        for (var i = repeat.Min; i < repeat.Max; i++)
        {
            choices.Add(EmitChoice());
            Emit(repeat.Body);
        }

        choices.ForEach(choice => SetChoice(choice, choice + 1, Here, repeat));
    }

    private void EmitLoop(Node.Repeat repeat)
    {
        var register = FirstUnits.Of(repeat.Body).CanBeEmpty ? Registers++ : -1;
        var choice = EmitChoice();
        if (register >= 0)
        {
            Add(new Instruction { Op = Op.Mark, A = register });
        }

        Emit(repeat.Body);
        if (register >= 0)
        {
            Add(new Instruction { Op = Op.Moved, A = register });
        }

        Add(new Instruction { Op = Op.Jump, A = choice });
        SetChoice(choice, choice + 1, Here, repeat);
    }

    private int EmitChoice() => Add(new Instruction { Op = Op.Branch, Branches = new Branch[2] });

    private void SetChoice(int choice, int body, int rest, Node.Repeat repeat)
    {
        var again = new Branch(body, FirstUnits.Of(repeat.Body), 0);
        var on = new Branch(rest, FirstUnits.Empty, 0);
        var branches = At(choice).Branches!;
        (branches[0], branches[1]) = repeat.Mode == RepeatMode.Lazy ? (on, again) : (again, on);
    }

    private void EmitApart(Op op, Node body)
    {
        var place = Add(new Instruction { Op = op });
        Emit(body);
        Add(new Instruction { Op = Op.Accept });
        At(place).A = place + 1;
        At(place).B = Here;
    }

    private void EmitBehind(Node.Look look)
    {
        Node[] choices = look.Body is Node.Alternatives alternatives ? [.. alternatives.Choices] : [look.Body];
        var branches = new Branch[choices.Length];
        var place = Add(new Instruction { Op = look.IsNegative ? Op.NotBehind : Op.Behind, Branches = branches });
        for (var i = 0; i < choices.Length; i++)
        {
            var length = FixedLength(choices[i]) ?? throw new PatternException("looking behind for a text of no fixed length is not supported");
            branches[i] = new Branch(Here, FirstUnits.Of(choices[i]), length);
            Emit(choices[i]);
            Add(new Instruction { Op = Op.Accept });
        }

        At(place).B = Here;
    }

    private static int? FixedLength(Node node) => node switch
    {
        Node.Literal or Node.OneOf => 1,
        Node.Sequence sequence => sequence.Parts.Aggregate((int?)0, (sum, part) => sum + FixedLength(part)),
        Node.Alternatives alternatives => alternatives.Choices.Select(FixedLength).Distinct().ToList() is [var only] ? only : null,
        Node.Repeat repeat => repeat.Min == repeat.Max ? repeat.Min * FixedLength(repeat.Body) : null,
        Node.Atomic atomic => FixedLength(atomic.Body),
        _ => 0,
    };
}
