using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Reads <c>output.label_filename</c>.</summary>
internal sealed class TritonLabelsReader
{
    private const string Path = "output.label_filename";

    private readonly TritonNotes _notes;

    public TritonLabelsReader(TritonNotes notes) => _notes = notes;

    /// <summary>The files by output. An output given twice is noted where the tensors are read.</summary>
    public ImmutableDictionary<string, string> Read(PbtxtNode.Message root)
    {
        var labels = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var output in root.Messages("output"))
        {
            var node = output.One("label_filename");
            if (PbtxtValues.Text(node) is not { Length: > 0 } file)
            {
                continue;
            }

            if (ConfigLimits.CheckFile(file) is { } why)
            {
                _notes.Errors.Add(node!.At, Path, $"{ConfigErrors.Quote(file)} is not allowed; {why}");
            }

            labels[PbtxtValues.Text(output.One("name")) ?? ""] = file;
        }

        return labels.ToImmutable();
    }
}
