using System.Globalization;

namespace Serving.Fuzz.Engine;

/// <summary>What a run met.</summary>
internal sealed class FuzzReport
{
    private readonly Dictionary<string, int> _outcomes = [];

    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    public int Tried => Accepted + Refused;

    /// <summary>Different outcomes, apart from numbers and names in them.</summary>
    public int Outcomes => _outcomes.Count;

    /// <summary>Counts an outcome; true where it is new.</summary>
    public bool Add(in Verdict verdict)
    {
        Accepted += verdict.IsAccepted ? 1 : 0;
        Refused += verdict.IsAccepted ? 0 : 1;
        var text = (verdict.IsAccepted ? "+ " : "- ") + OutcomeText.Strip(verdict.Text);
        _outcomes[text] = _outcomes.GetValueOrDefault(text) + 1;
        return _outcomes[text] == 1;
    }

    /// <summary>The outcomes, frequent ones first.</summary>
    public IEnumerable<string> Lines() =>
        _outcomes.OrderByDescending(o => o.Value).Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Value,10} {o.Key}"));
}
