using System.Runtime.CompilerServices;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>
/// Finds matches of patterns by trying and going back, over code points of UTF-16 text. What there is to go back to stands
/// on a stack of its own, so that no text overruns the thread's; the number of steps is bounded by the text's length, so
/// that no pattern and no text take a processor for long. For one thread at a time.
/// </summary>
internal sealed class PatternMachine
{
    // Patterns in use take under ten steps a character. The bound is met in a tenth of a second or so.
    private const long StepsAtLeast = 10_000_000;
    private const int StepsPerUnit = 100;

    // What an entry of the stack holds: a kind, an instruction or register, and two places.
    private const int Width = 4;
    private const int MaxStack = 1 << 24;

    private int[] _stack = new int[64 * Width];
    private int _top;
    private int[] _registers = [];
    private long _steps;

    private enum Entry
    {
        Branch,
        Many,
        Register,
    }

    /// <summary>Starts with a new text: its steps are counted from here.</summary>
    public void Begin(int length)
    {
        _steps = StepsAtLeast + (long)length * StepsPerUnit;
        _top = 0;
    }

    /// <summary>The first match at or behind <paramref name="from"/>.</summary>
    /// <returns>Where it begins, -1 without one.</returns>
    /// <exception cref="TokenizationException">The steps are used up.</exception>
    public int Find(Pattern pattern, ReadOnlySpan<char> text, int from, out int end)
    {
        if (_registers.Length < pattern.Registers)
        {
            _registers = new int[pattern.Registers];
        }

        while (from <= text.Length)
        {
            if (pattern.First.Allows(from < text.Length ? text[from] : -1))
            {
                end = Run(pattern.Program, text, 0, from);
                if (end >= 0)
                {
                    return from;
                }
            }

            from += from + 1 < text.Length && char.IsHighSurrogate(text[from]) ? 2 : 1;
            Count(1);
        }

        end = -1;
        return -1;
    }

    private void Count(int steps)
    {
        if ((_steps -= steps) < 0)
        {
            throw new TokenizationException("The tokenizer's pattern takes too many steps on this text.");
        }
    }

    // Runs from an instruction to its Accept: where that is in the text, -1 if every way there fails.
    private int Run(Instruction[] program, ReadOnlySpan<char> text, int step, int at)
    {
        var bottom = _top;
        while (true)
        {
            ref readonly var now = ref program[step];
            var isMatch = true;
            switch (now.Op)
            {
                case Op.Accept:
                    _top = bottom;
                    return at;
                case Op.Unit:
                    isMatch = at < text.Length && text[at] == now.A;
                    at++;
                    step++;
                    break;
                case Op.OneOf:
                    isMatch = TryTake(now.Set!, text, ref at);
                    step++;
                    break;
                case Op.Many or Op.ManyKept:
                    isMatch = TakeMany(in now, text, step, ref at);
                    step++;
                    break;
                case Op.Branch:
                    isMatch = TakeBranch(in now, text, 0, at, ref step);
                    break;
                case Op.Jump:
                    step = now.A;
                    break;
                default:
                    isMatch = RunRest(program, in now, text, ref step, ref at);
                    break;
            }

            while (!isMatch)
            {
                if (_top == bottom)
                {
                    return -1;
                }

                isMatch = GoBack(program, text, ref step, ref at);
            }
        }
    }

    private bool RunRest(Instruction[] program, in Instruction now, ReadOnlySpan<char> text, ref int step, ref int at)
    {
        switch (now.Op)
        {
            case Op.Atomic:
                at = Run(program, text, now.A, at);
                step = now.B;
                return at >= 0;
            case Op.Ahead or Op.NotAhead:
                step = now.B;
                return Run(program, text, now.A, at) >= 0 == (now.Op == Op.Ahead);
            case Op.Behind or Op.NotBehind:
                step = now.B;
                return IsBehind(program, now.Branches!, text, at) == (now.Op == Op.Behind);
            case Op.Anchor:
                step++;
                return Anchors.IsAt((AnchorKind)now.A, text, at);
            case Op.Mark:
                Push(Entry.Register, now.A, _registers[now.A], 0);
                _registers[now.A] = at;
                step++;
                return true;
            default:
                step++;
                return _registers[now.A] != at;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTake(CodePointSet set, ReadOnlySpan<char> text, ref int at)
    {
        if (at >= text.Length || !set.Contains(CodePoints.At(text, at, out var length)))
        {
            return false;
        }

        at += length;
        return true;
    }

    private bool TakeMany(in Instruction now, ReadOnlySpan<char> text, int step, ref int at)
    {
        var set = now.Set!;
        var start = at;
        var least = at;
        var count = 0;
        while (count < now.Max && TryTake(set, text, ref at))
        {
            count++;
            least = count == now.Min ? at : least;
        }

        Count(1 + (count >> 4));
        if (count > now.Min && now.Op == Op.Many)
        {
            Push(Entry.Many, step + 1, now.Min == 0 ? start : least, at);
        }

        return count >= now.Min;
    }

    // Takes the first branch from 'index' on that can begin here, and notes where to go on if it fails.
    private bool TakeBranch(in Instruction now, ReadOnlySpan<char> text, int index, int at, ref int step)
    {
        var branches = now.Branches!;
        var unit = at < text.Length ? text[at] : -1;
        while (index < branches.Length && !branches[index].First.Allows(unit))
        {
            index++;
        }

        if (index == branches.Length)
        {
            return false;
        }

        var next = index + 1;
        while (next < branches.Length && !branches[next].First.Allows(unit))
        {
            next++;
        }

        if (next < branches.Length)
        {
            Push(Entry.Branch, step, next, at);
        }

        step = branches[index].Start;
        return true;
    }

    private bool IsBehind(Instruction[] program, Branch[] branches, ReadOnlySpan<char> text, int at)
    {
        foreach (var branch in branches)
        {
            var start = at;
            var left = branch.Length;
            for (; left > 0 && start > 0; left--)
            {
                CodePoints.Before(text, start, out var length);
                start -= length;
            }

            if (left == 0 && Run(program, text, branch.Start, start) == at)
            {
                return true;
            }
        }

        return false;
    }

    // Takes up the newest way that is left; false where it has no other.
    private bool GoBack(Instruction[] program, ReadOnlySpan<char> text, ref int step, ref int at)
    {
        Count(1);
        _top -= Width;
        var (kind, first, second, third) = ((Entry)_stack[_top], _stack[_top + 1], _stack[_top + 2], _stack[_top + 3]);
        switch (kind)
        {
            case Entry.Register:
                _registers[first] = second;
                return false;
            case Entry.Branch:
                (step, at) = (first, third);
                return TakeBranch(in program[first], text, second, third, ref step);
            default:
                CodePoints.Before(text, third, out var length);
                (step, at) = (first, third - length);
                if (at > second)
                {
                    Push(Entry.Many, first, second, at);
                }

                return true;
        }
    }

    private void Push(Entry kind, int first, int second, int third)
    {
        if (_top == _stack.Length)
        {
            if (_top >= MaxStack)
            {
                throw new TokenizationException("The tokenizer's pattern leaves too many ways open on this text.");
            }

            Array.Resize(ref _stack, 2 * _top);
        }

        _stack[_top] = (int)kind;
        _stack[_top + 1] = first;
        _stack[_top + 2] = second;
        _stack[_top + 3] = third;
        _top += Width;
    }
}
