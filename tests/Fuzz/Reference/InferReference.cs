using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Serving.Fuzz.Reference;

/// <summary>
/// An infer request over REST, read through a <see cref="JsonDocument"/>. Knows the required part of the protocol and raw data, not
/// requested outputs or other parameters: requests that have them are of unknown validity.
/// </summary>
internal sealed partial class InferReference
{
    private readonly List<InputReference> _inputs = [];
    private Judgement _judgement;

    private InferReference()
    {
    }

    /// <summary>Whether the text is JSON at all, but for words that numbers may be.</summary>
    public bool IsJson { get; private set; }

    public Judgement Judgement => _judgement;

    public IReadOnlyList<InputReference> Inputs => _inputs;

    public static InferReference Read(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> binary)
    {
        var reference = new InferReference();
        if (!Utf8.IsValid(json.Span))
        {
            reference._judgement = Judgement.Invalid;
            return reference;
        }

        try
        {
            using var document = JsonDocument.Parse(Quote(json.Span));
            reference.IsJson = true;
            reference.ReadRoot(document.RootElement);
        }
        catch (JsonException)
        {
            reference._judgement = Judgement.Invalid;
            return reference;
        }

        reference.AssignBinary(binary);
        return reference;
    }

    /// <summary>NaN and Infinity may stand without quotes, wherever a text may.</summary>
    private static ReadOnlyMemory<byte> Quote(ReadOnlySpan<byte> json) => Encoding.Latin1.GetBytes(
        TextOrWord().Replace(Encoding.Latin1.GetString(json), found => found.Value[0] == '"' ? found.Value : $"\"{found.Value}\""));

    [GeneratedRegex(""" "(?:[^"\\]|\\.)*"?|-?(?:NaN|Infinity) """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex TextOrWord();

    private void Judge(Judgement judgement) => _judgement = DataReference.Worse(_judgement, judgement);

    private void ReadRoot(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Judge(Judgement.Invalid);
            return;
        }

        var lists = 0;
        foreach (var (name, value) in Properties(root))
        {
            switch (name)
            {
                case "inputs":
                    lists++;
                    ReadInputs(value);
                    break;
                case "id":
                    Judge(value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && ElementReference.Text(value) is not null)
                        ? Judgement.Valid : Judgement.Invalid);
                    break;
                case "outputs" or "parameters":
                    Judge(Judgement.Unknown);
                    break;
            }
        }

        Judge(lists == 1 ? Judgement.Valid : Judgement.Invalid);
    }

    private void ReadInputs(JsonElement inputs)
    {
        if (inputs.ValueKind != JsonValueKind.Array)
        {
            Judge(Judgement.Invalid);
            return;
        }

        foreach (var element in inputs.EnumerateArray())
        {
            var input = InputReference.Read(element);
            Judge(_inputs.Any(other => other.Name is not null && other.Name == input.Name) ? Judgement.Invalid : input.Judgement);
            _inputs.Add(input);
        }
    }

    private void AssignBinary(ReadOnlySpan<byte> binary)
    {
        if (_inputs.Any(input => input.HasOtherParameters))
        {
            Judge(Judgement.Unknown);
            return;
        }

        foreach (var input in _inputs)
        {
            if (input.BinarySize is { } size)
            {
                if (size > (ulong)binary.Length)
                {
                    Judge(Judgement.Invalid);
                    return;
                }

                Judge(input.TakeBinary(binary[..(int)size]));
                binary = binary[(int)size..];
            }
        }

        Judge(binary.IsEmpty ? Judgement.Valid : Judgement.Invalid);
    }

    /// <summary>The properties; one whose name is no text is left out, as no name of the protocol is like it.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Properties(JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            string? name = null;
            try
            {
                name = property.Name;
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair.
            }

            if (name is not null)
            {
                yield return (name, property.Value);
            }
        }
    }
}
