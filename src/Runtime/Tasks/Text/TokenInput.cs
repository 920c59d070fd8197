namespace Serving.Runtime.Tasks.Text;

/// <summary>What a graph's input takes of a tokenized text.</summary>
internal enum TokenInput
{
    Ids,

    /// <summary>1 for tokens that count.</summary>
    Mask,

    /// <summary>Which of two texts a token is of.</summary>
    Segments,

    Positions,

    /// <summary>Where on the page each word lies: four numbers a token.</summary>
    Boxes,
}
