using System.Text.Unicode;

namespace Serving.Fuzz.Wire;

/// <summary>What is odd about a message's wire format, found by walking it a third way. Used only where the parsers disagree.</summary>
internal ref struct WireFacts
{
    private const char Entry = 'E';

    private static readonly Dictionary<(char Message, int Field), char> Messages = new()
    {
        [('R', 4)] = 'E', [('R', 5)] = 'I', [('R', 6)] = 'O', [('I', 4)] = 'E', [('I', 5)] = 'C', [('O', 2)] = 'E', [('E', 2)] = 'P',
    };

    private static readonly HashSet<(char Message, int Field)> Texts =
        [('R', 1), ('R', 2), ('R', 3), ('I', 1), ('I', 2), ('O', 1), ('E', 1), ('P', 3)];

    private readonly ReadOnlySpan<byte> _bytes;

    private WireFacts(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>
    /// A tag or a length takes more than 32 bits, of which Google's parser for .NET forgets the upper ones; or a length of 32 bits, which
    /// it takes for a negative one and in packed runs for none.
    /// </summary>
    public bool HasWideNumber { get; private set; }

    /// <summary>A text is no UTF-8, which Google's parser for .NET mends instead of refusing it.</summary>
    public bool HasBrokenText { get; private set; }

    /// <summary>A field in an entry of a map has a layout that does not exist, which Google's parser for .NET passes over there.</summary>
    public bool HasUnknownLayout { get; private set; }

    /// <summary>How deep messages and groups nest.</summary>
    public int Depth { get; private set; }

    public static WireFacts Of(ReadOnlySpan<byte> request)
    {
        var facts = new WireFacts(request);
        facts.Walk('R', 0, request.Length, 1);
        return facts;
    }

    private void Walk(char message, int at, int end, int depth)
    {
        Depth = Math.Max(Depth, depth);
        var open = 0;
        while (at < end && ReadNumber(ref at, end, isNarrow: true) is { } tag)
        {
            switch (tag & 7)
            {
                case 0:
                    ReadNumber(ref at, end, isNarrow: false);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = ReadNumber(ref at, end, isNarrow: true);
                    HasWideNumber |= length > int.MaxValue;
                    if (length is null || length > (uint)(end - at))
                    {
                        return;
                    }

                    if (open == 0)
                    {
                        Enter((message, (int)(tag >> 3)), at, (int)length.Value, depth);
                    }

                    at += (int)length.Value;
                    break;
                case 3:
                    open++;
                    Depth = Math.Max(Depth, depth + open);
                    break;
                case 4:
                    open--;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    HasUnknownLayout |= message == Entry;
                    return;
            }
        }
    }

    private void Enter((char Message, int Field) key, int at, int length, int depth)
    {
        HasBrokenText |= Texts.Contains(key) && !Utf8.IsValid(_bytes.Slice(at, length));
        if (Messages.TryGetValue(key, out var inner))
        {
            Walk(inner, at, at + length, depth + 1);
        }
    }

    private uint? ReadNumber(ref int at, int end, bool isNarrow)
    {
        UInt128 value = 0;
        for (var shift = 0; at < end && shift < 70; shift += 7)
        {
            var part = _bytes[at++];
            value |= (UInt128)(part & 0x7Fu) << shift;
            if (part < 0x80)
            {
                HasWideNumber |= isNarrow && value > uint.MaxValue;
                return isNarrow && value > uint.MaxValue ? null : (uint)(value & uint.MaxValue);
            }
        }

        return null;
    }
}
