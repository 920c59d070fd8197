using System.Text;

namespace Serving.Server.Rest.Forms;

/// <summary>A field or a file of a form.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Content">What it holds, in the memory of the body.</param>
internal readonly record struct FormPart(string Name, ReadOnlyMemory<byte> Content)
{
    public string Text => Encoding.UTF8.GetString(Content.Span);
}
