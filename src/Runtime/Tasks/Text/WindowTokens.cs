using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>Which tokens of a text's windows count: of those that two windows saw, half from each, where it had the more around them.</summary>
internal static class WindowTokens
{
    /// <summary>Window and place of each of the text's own tokens, in the order of the text.</summary>
    /// <param name="windows">The windows of one text.</param>
    public static IEnumerable<(int Window, int Place)> Own(IReadOnlyList<TokenEncoding> windows)
    {
        var order = Enumerable.Range(0, windows.Count).Where(w => OwnPlaces(windows[w]).Any()).OrderBy(w => windows[w].Offsets[OwnPlaces(windows[w]).First()].Start).ToArray();
        var from = 0;
        for (var i = 0; i < order.Length; i++)
        {
            var window = windows[order[i]];
            var until = i + 1 < order.Length ? Cut(window, windows[order[i + 1]]) : int.MaxValue;
            foreach (var place in OwnPlaces(window))
            {
                if (window.Offsets[place].Start >= from && window.Offsets[place].Start < until)
                {
                    yield return (order[i], place);
                }
            }

            from = until;
        }
    }

    /// <summary>Where, in the text, the next window takes over: the start of its first token behind the middle of what both have.</summary>
    private static int Cut(TokenEncoding window, TokenEncoding next)
    {
        var end = window.Offsets[OwnPlaces(window).Last()].End;
        var places = OwnPlaces(next).ToList();
        var middle = (next.Offsets[places[0]].Start + end) / 2;
        var taking = places.FindIndex(place => next.Offsets[place].Start >= middle);
        return next.Offsets[places[Math.Max(taking, 0)]].Start;
    }

    private static IEnumerable<int> OwnPlaces(TokenEncoding window) => Enumerable.Range(0, window.Length).Where(place => window.SpecialTokensMask[place] == 0);
}
