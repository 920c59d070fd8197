using Serving.Soak.Clients;
using Serving.Soak.Questions;
using Serving.Soak.Reports;
using Serving.Soak.Watched;

namespace Serving.Soak.Acts;

/// <summary>A client that does one thing after another, as its dice fall.</summary>
internal sealed class Client : IDisposable
{
    /// <summary>An act that takes longer hangs. Far above any deadline, and the machine may be busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Random _random;
    private readonly Ledger _ledger;
    private readonly QuestionMaker _make;
    private readonly RestClient _rest;
    private readonly GrpcClient _grpc;
    private readonly Act[] _acts;

    public Client(int seed, Addresses addresses, IReadOnlyList<Question> encoded, Ledger ledger)
    {
        _random = new Random(seed);
        _ledger = ledger;
        _make = new QuestionMaker(_random, encoded);
        _rest = new RestClient(addresses.Rest);
        _grpc = new GrpcClient(addresses.Grpc);
        _acts =
        [
            new("rest json", 6, () => AskAsync("rest json", _make.Any(), question => _rest.AskAsync(question, binary: false))),
            new("rest binary", 6, () => AskAsync("rest binary", _make.Any(), question => _rest.AskAsync(question, binary: true))),
            new("grpc raw", 8, () => AskAsync("grpc raw", _make.Any(), question => _grpc.AskAsync(question, typed: false))),
            new("grpc typed", 4, () => AskAsync("grpc typed", _make.Any(), question => _grpc.AskAsync(question, typed: true))),
            new("grpc stream", 2, StreamAsync),
            new("neighbours of poison", 3, PoisonAsync),
            new("model that fails", 2, () => AskAsync("model that fails", _make.Flaky(), question => _grpc.AskAsync(question, typed: false))),
            new("burst", 1, BurstAsync),
            new("large", 1, () => AskAsync("large", Large(), question => _grpc.AskAsync(question, typed: false))),
            new("deadline", 3, DeadlineAsync),
            new("slow body", 2, SlowBodyAsync),
            new("slow reader", 1, SlowReaderAsync),
            new("cancelled", 3, CancelAsync),
            new("gone in mid body", 2, BreakAsync),
            new("gone while reading", 1, LeaveAsync),
        ];
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var act = Pick();
            try
            {
                await act.DoAsync().WaitAsync(Patience, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                _ledger.Problem($"{act.Name}: hangs for {Patience.TotalSeconds:0} s");
                return;
            }
        }
    }

    public void Dispose()
    {
        _rest.Dispose();
        _grpc.Dispose();
    }

    private Act Pick()
    {
        var at = _random.Next(_acts.Sum(act => act.Weight));
        return _acts.First(act => (at -= act.Weight) < 0);
    }

    private Question Large(params Ending[] may) => _make.Wide(4, _random.Next(100_000, 300_000), may);

    private async Task AskAsync(string act, Question question, Func<Question, Task<Reply>> ask)
    {
        try
        {
            Judge(act, question, await ask(question));
        }
        catch (Exception e)
        {
            _ledger.Count(act, Ending.Wrong);
            _ledger.Problem($"{act}, {question.Model}: {e.GetType().Name}: {e.Message} {e.InnerException?.Message}");
        }
    }

    private void Judge(string act, Question question, Reply reply)
    {
        var (ending, problem) = reply.Judge(question);
        _ledger.Count(act, ending);
        if (problem is not null)
        {
            _ledger.Problem($"{act}, {problem}");
        }
    }

    // Whatever is thrown, the client has left as it meant to; an answer that came before that is judged.
    private async Task LeavingAsync(string act, Question question, Func<CancellationToken, Task<Reply>> ask, TimeSpan after)
    {
        using var leave = new CancellationTokenSource(after);
        try
        {
            Judge(act, question, await ask(leave.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            _ledger.Count(act, Ending.Left);
        }
    }

    private async Task StreamAsync()
    {
        var questions = Enumerable.Range(0, _random.Next(1, 20)).Select(_ => _random.Next(8) == 0 ? _make.Poison() : _make.Any()).ToList();
        try
        {
            var replies = await _grpc.StreamAsync(questions, CancellationToken.None);
            for (var i = 0; i < replies.Count; i++)
            {
                Judge("grpc stream", questions[i], replies[i]);
            }
        }
        catch (Exception e)
        {
            _ledger.Count("grpc stream", Ending.Wrong);
            _ledger.Problem($"grpc stream: {e.GetType().Name}: {e.Message} {e.InnerException?.Message}");
        }
    }

    private Task PoisonAsync()
    {
        var poisoned = _random.Next(8);
        return Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync(
            i == poisoned ? "poison" : "neighbours of poison",
            i == poisoned ? _make.Poison() : _make.Lookup(),
            question => i % 2 == 0 ? _grpc.AskAsync(question, typed: false) : _rest.AskAsync(question, binary: false))));
    }

    // Twice as many rows as may wait and run, at once.
    private Task BurstAsync() => Task.WhenAll(Enumerable.Range(0, SoakRepository.BusyRows).Select(_ => AskAsync(
        "burst", _make.Mlp("busy", Ending.Refused), question => _grpc.AskAsync(question, typed: false))));

    private Task DeadlineAsync()
    {
        var question = _make.Mlp("busy", Ending.Refused, Ending.TooLate);
        var micros = _random.Next(1, 20_000);
        return AskAsync("deadline", question, asked => _grpc.AskAsync(asked, typed: false, deadline: $"{micros}u"));
    }

    private Task SlowBodyAsync()
    {
        var (pieces, pause) = (_random.Next(2, 20), TimeSpan.FromMilliseconds(_random.Next(1, 30)));
        DribbledContent Slow(byte[] body) => new(body, pieces, pause, null);
        return AskAsync("slow body", _make.Any(), async question =>
        {
            if (_random.Next(2) == 0)
            {
                using var answer = await _rest.SendAsync(question, Slow, CancellationToken.None);
                return await RestClient.ReadAsync(answer, CancellationToken.None);
            }

            using var response = await _grpc.SendAsync(question, typed: false, Slow, CancellationToken.None);
            return await GrpcClient.ReadAsync(response, CancellationToken.None);
        });
    }

    private Task SlowReaderAsync() => AskAsync("slow reader", Large(), async question =>
    {
        using var response = await _rest.SendAsync(question, body => new ByteArrayContent(body), CancellationToken.None);
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync();
        var piece = new byte[128 * 1024];
        for (var read = await stream.ReadAsync(piece); read > 0; read = await stream.ReadAsync(piece))
        {
            body.Write(piece, 0, read);
            await Task.Delay(5);
        }

        return RestClient.Read(response, body.ToArray());
    });

    private Task CancelAsync()
    {
        var after = TimeSpan.FromMicroseconds(_random.Next(100, 20_000));
        var question = _make.Any();
        return _random.Next(2) == 0
            ? LeavingAsync("cancelled", question, stop => _rest.AskAsync(question, binary: true, stop), after)
            : LeavingAsync("cancelled", question, stop => _grpc.AskAsync(question, typed: false, stop), after);
    }

    private Task BreakAsync()
    {
        var question = _random.Next(4) == 0 ? Large() : _make.Any();
        var pieces = _random.Next(2, 10);
        var at = _random.Next(1, pieces);
        DribbledContent Broken(byte[] body) => new(body, pieces, TimeSpan.FromMilliseconds(2), at);
        return LeavingAsync(
            "gone in mid body",
            question,
            async stop =>
            {
                using var response = _random.Next(2) == 0
                    ? await _rest.SendAsync(question, Broken, stop)
                    : await _grpc.SendAsync(question, typed: false, Broken, stop);
                throw new InvalidOperationException($"half a request of {question.Model} was answered with {(int)response.StatusCode}");
            },
            Patience);
    }

    private Task LeaveAsync()
    {
        var question = Large();
        return LeavingAsync(
            "gone while reading",
            question,
            async stop =>
            {
                using var response = await _rest.SendAsync(question, body => new ByteArrayContent(body), stop);
                await using var stream = await response.Content.ReadAsStreamAsync(stop);
                await stream.ReadExactlyAsync(new byte[1000], stop);
                throw new OperationCanceledException();
            },
            Patience);
    }
}
