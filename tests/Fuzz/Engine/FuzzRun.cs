using System.Diagnostics;
using System.Globalization;
using Serving.Runtime.Tensors;

namespace Serving.Fuzz.Engine;

/// <summary>
/// Tries inputs on a target until the budget is spent or one fails. A failing input goes to the corpus, so that it is tried ever
/// after; an input that leads to a new outcome is damaged further.
/// </summary>
/// <param name="target">What is tried.</param>
/// <param name="corpus">The kept inputs.</param>
/// <param name="seed">Decides everything that is random.</param>
internal sealed class FuzzRun(FuzzTarget target, Corpus corpus, int seed)
{
    /// <summary>An input that takes longer hangs. Arbitrary, but no input takes a hundredth of it, even on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Small, so that recursion without bounds is found; larger than what the platform gives the server's own threads.</summary>
    private const int StackBytes = 2 * 1024 * 1024;

    private const int LongestShown = 200;

    /// <summary>What of new outcomes is kept: enough to start from, and small enough to be tried in every run.</summary>
    private const int MostKept = 64;

    private const int LongestKept = 1024;

    private readonly FuzzReport _report = new();
    private readonly List<byte[]> _pool = [];
    private byte[] _current = [];
    private long _since;
    private Exception? _failure;

    /// <summary>Whether inputs that lead to new outcomes are kept in the corpus.</summary>
    public bool Grows { get; init; }

    /// <summary>Tries the seeds and the corpus, and no other inputs.</summary>
    public FuzzReport Replay() => Run(() => true);

    /// <summary>Tries a number of inputs.</summary>
    public FuzzReport Run(int rounds) => Run(() => _report.Tried >= rounds);

    /// <summary>Tries inputs for some time.</summary>
    public FuzzReport Run(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        return Run(() => Stopwatch.GetElapsedTime(start) >= time);
    }

    private FuzzReport Run(Func<bool> isSpent)
    {
        using var last = LastInput.Open(target, out var fatal);
        if (fatal is not null)
        {
            _current = fatal;
            throw Describe(new Finding("the process died when this input was tried"));
        }

        _since = Stopwatch.GetTimestamp();
        var thread = new Thread(() => Work(last, isSpent), StackBytes) { IsBackground = true, Name = target.Name };
        thread.Start();
        while (!thread.Join(TimeSpan.FromSeconds(1)))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _since)) > Patience)
            {
                throw Describe(new Finding($"the input takes longer than {Patience}"));
            }
        }

        if (_failure is not null)
        {
            _current = Shrinker.Shrink(_current, input => FailsLike(_failure, input));
            throw Describe(_failure);
        }

        return _report;
    }

    private void Work(LastInput last, Func<bool> isSpent)
    {
        try
        {
            var random = new Random(seed);
            _pool.AddRange(target.Seeds(random));
            var seeds = _pool.Count;
            _pool.AddRange(corpus.Read());
            var kept = _pool.Count - seeds;
            foreach (var input in _pool)
            {
                Try(input, last);
            }

            var mutator = new Mutator(target.Tokens, target.IsText);
            while (!isSpent())
            {
                // Every other one starts from what is well-formed: what grew since is mostly refused at the first glance.
                var original = _pool[random.Next(random.Next(2) == 0 ? seeds : _pool.Count)];
                var input = mutator.Mutate(original, _pool, random);
                if (!Try(input, last))
                {
                    continue;
                }

                _pool.Add(input);
                if (Grows && kept < MostKept && input.Length <= LongestKept)
                {
                    corpus.Keep(input);
                    kept++;
                }
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    /// <summary>True where the outcome is a new one.</summary>
    private bool Try(byte[] input, LastInput last)
    {
        Volatile.Write(ref _current, input);
        Volatile.Write(ref _since, Stopwatch.GetTimestamp());
        last.Set(input);
        var rented = BufferPool.Shared.RentedBytes;
        var verdict = target.Try(input);
        Finding.Unless(BufferPool.Shared.RentedBytes == rented, "memory was rented and not given back");
        return _report.Add(verdict);
    }

    private bool FailsLike(Exception failure, byte[] input)
    {
        try
        {
            target.Try(input);
            return false;
        }
        catch (Exception e)
        {
            return e.GetType() == failure.GetType() && OutcomeText.Strip(e.Message) == OutcomeText.Strip(failure.Message);
        }
    }

    private Finding Describe(Exception failure)
    {
        var path = corpus.Keep(_current);
        var shown = Convert.ToHexString(_current.AsSpan(0, Math.Min(_current.Length, LongestShown)));
        return new Finding(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name}, seed {seed}, input {_report.Tried}, kept as {path} ({_current.Length} bytes, {shown}): {failure.GetType().Name}: {failure.Message}"),
            failure);
    }
}
