using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>Tokenized texts: each row one window, or several where it is longer than the model takes.</summary>
internal sealed class TextRows
{
    private readonly List<TokenEncoding> _windows = [];
    private readonly List<int> _ends = [];

    /// <summary>The windows of all rows, one after the other.</summary>
    public IReadOnlyList<TokenEncoding> Windows => _windows;

    public int Count => _ends.Count;

    /// <summary>Adds a row.</summary>
    /// <param name="encoding">Its text.</param>
    /// <param name="inWindows">Whether what truncation cut off are further windows.</param>
    public void Add(TokenEncoding encoding, bool inWindows)
    {
        _windows.Add(encoding);
        if (inWindows)
        {
            _windows.AddRange(encoding.Overflowing);
        }

        _ends.Add(_windows.Count);
    }

    /// <summary>Which windows are a row's.</summary>
    public Range Of(int row) => (row == 0 ? 0 : _ends[row - 1]).._ends[row];

    /// <summary>How many tokens each row has, those of all its windows.</summary>
    public long[] CountTokens() => [.. Enumerable.Range(0, Count).Select(row =>
    {
        var (start, length) = Of(row).GetOffsetAndLength(_windows.Count);
        return _windows.GetRange(start, length).Sum(window => (long)window.Length);
    })];
}
