namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Compares a whole configuration with the table of fields, before anything is read from it.</summary>
internal sealed class TritonFieldChecker
{
    private readonly TritonNotes _notes;
    private readonly HashSet<string> _warned = [];

    public TritonFieldChecker(TritonNotes notes) => _notes = notes;

    public void Check(PbtxtNode.Message message, string path = "")
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in message.Fields)
        {
            var full = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            if (!TritonFields.ByPath.TryGetValue(full, out var known))
            {
                RefuseUnknown(field, full, path);
                continue;
            }

            if (!seen.Add(field.Name) && !known.IsRepeated)
            {
                _notes.Errors.Add(field.At, full, "the field is given twice; allowed is once");
            }

            CheckValue(field, known);
        }
    }

    // A similar name is looked for only as long as somebody will read it: a hostile file has a hundred thousand unknown fields.
    private void RefuseUnknown(PbtxtField field, string full, string path)
    {
        if (_notes.Errors.IsFull)
        {
            _notes.Errors.Add(field.At, full, "unknown field");
            return;
        }

        _notes.Errors.Add(field.At, ConfigErrors.Quote(full), $"unknown field; {NearestName.Suggest(field.Name, TritonFields.Under(path))}");
    }

    private void CheckValue(PbtxtField field, TritonField known)
    {
        if (Expectation(field.Value, known) is { } allowed)
        {
            _notes.Refuse(field.Value, known.Path, allowed);
        }
        else if (known.Fate == TritonFieldFate.Used)
        {
            if (field.Value is PbtxtNode.Message message)
            {
                Check(message, known.Path);
            }
        }
        else if (!IsDefault(field.Value, known))
        {
            Apply(field, known);
        }
    }

    private void Apply(PbtxtField field, TritonField known)
    {
        if (known.Fate == TritonFieldFate.Refused)
        {
            _notes.Errors.Add(field.At, known.Path, known.Reason);
        }
        else if (_warned.Add(known.Path))
        {
            _notes.Warn(field.At, known.Path, known.Reason);
        }
    }

    /// <summary>What is allowed, where the value is something else.</summary>
    private static string? Expectation(PbtxtNode value, TritonField known) => known.Kind switch
    {
        TritonFieldKind.Integer => PbtxtValues.Integer(value) is null ? "an integer" : null,
        TritonFieldKind.Flag => PbtxtValues.Flag(value) is null ? "true or false" : null,
        TritonFieldKind.Text => PbtxtValues.Text(value) is null ? "a string in quotes" : null,
        TritonFieldKind.Enumerator => PbtxtValues.Enumerator(value, known.Names!) is null ? string.Join(", ", known.Names!) : null,
        _ => value is PbtxtNode.Message ? null : "a message in braces",
    };

    /// <summary>A field with its type's default value is as good as not given, as protobuf has it.</summary>
    private static bool IsDefault(PbtxtNode value, TritonField known) => known.Kind switch
    {
        TritonFieldKind.Integer => PbtxtValues.Integer(value) == 0,
        TritonFieldKind.Flag => PbtxtValues.Flag(value) == false,
        TritonFieldKind.Text => PbtxtValues.Text(value) is "",
        TritonFieldKind.Enumerator => PbtxtValues.Enumerator(value, known.Names!) == 0,
        _ => false,
    };
}
