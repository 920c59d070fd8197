using Microsoft.Extensions.Options;
using Serving.Server.Hosting;
using Serving.Server.Tracing;

namespace Serving.Server.Tests.Tracing;

public class TraceStateTests
{
    private static readonly string Folder = Path.GetTempPath();

    private readonly TraceState _state = new(Options.Create(new ServingOptions { TraceDirectory = Folder }));

    [Fact]
    public void Get_NothingSet_IsTritonsDefault()
    {
        Assert.Equal(new TraceSettings("trace.json", false, 1000, -1, 0), _state.Get(null));
        Assert.Equal(new TraceSettings("", false, 1000, -1, 0), new TraceState(Options.Create(new ServingOptions())).Get("any"));
        Assert.Null(_state.Sample("any"));
    }

    [Fact]
    public void Update_Model_OverridesTheServersAndFollowsTheRest()
    {
        Update("", ("trace_level", "TIMESTAMPS"), ("trace_rate", "5"));
        Update("One", ("trace_rate", "2"), ("trace_file", "one"));
        Update(null, ("log_frequency", "9"), ("trace_rate", "7"));

        Assert.Equal(new TraceSettings("trace.json", true, 7, -1, 9), _state.Get(null));
        Assert.Equal(new TraceSettings("one", true, 2, -1, 9), _state.Get("one"));

        Clear("ONE", "trace_rate", "trace_file");
        Assert.Equal(_state.Get(null), _state.Get("one"));

        Clear("", "trace_level", "trace_rate", "log_frequency");
        Assert.Equal(new TraceSettings("trace.json", false, 1000, -1, 0), _state.Get(null));
    }

    [Theory]
    [InlineData("", "Attempting to set invalid trace setting :sample rate must be non-zero", "trace_rate", "0")]
    [InlineData("model", "Attempting to set invalid trace setting :sample rate must be non-zero", "trace_rate", "0")]
    public void Update_InvalidTogether_ChangesNothing(string model, string message, string name, string value)
    {
        Update("", ("trace_level", "TIMESTAMPS"));
        var before = (_state.Get(null), _state.Get("model"));

        Assert.Equal(message, Try(model, (name, value)));

        Assert.Equal(before, (_state.Get(null), _state.Get("model")));
    }

    [Fact]
    public void Update_ServerThatMakesAModelInvalid_ChangesNothing()
    {
        Update("model", ("trace_level", "TIMESTAMPS"));

        Assert.Equal("Attempting to set invalid trace setting :sample rate must be non-zero", Try("", ("trace_rate", "0")));

        Assert.Equal(1000u, _state.Get(null).Rate);
    }

    [Fact]
    public void Update_OnWithoutAFile_IsRefused()
    {
        var state = new TraceState(Options.Create(new ServingOptions()));
        var change = new TraceChange(null);
        Assert.Null(change.Set("trace_level", ["TIMESTAMPS"]));

        Assert.Equal("Attempting to set invalid trace setting :trace file name is not given", state.Update(null, change).Failure?.Message);
    }

    [Fact]
    public void Sample_Rate_IsOneInSoMany()
    {
        Update("", ("trace_level", "TIMESTAMPS"), ("trace_rate", "3"));

        Assert.Equal([false, false, true, false, false, true], Enumerable.Range(0, 6).Select(_ => _state.Sample("any") is not null));
    }

    [Fact]
    public void Sample_Count_EndsAndWhatIsLeftStaysThroughOtherChanges()
    {
        Update("", ("trace_level", "TIMESTAMPS"), ("trace_rate", "1"), ("trace_count", "5"));
        Assert.NotNull(_state.Sample("any"));
        Assert.NotNull(_state.Sample("any"));

        Update("", ("log_frequency", "2"));
        Update("model", ("trace_count", "1"));
        Assert.Equal((3, 1), (_state.Get(null).Count, _state.Get("model").Count));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => _state.Sample("model") is not null));
        Update("other", ("trace_rate", "4"));

        Assert.Equal((3, 0), (_state.Get(null).Count, _state.Get("model").Count));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => _state.Sample("any") is not null));
    }

    [Fact]
    public void Sample_ModelThatIsOff_IsNotTracedWhileTheOthersAre()
    {
        Update("", ("trace_level", "TIMESTAMPS"), ("trace_rate", "1"));
        Update("quiet", ("trace_level", "OFF"));

        Assert.Null(_state.Sample("Quiet"));
        Assert.NotNull(_state.Sample("loud"));
    }

    [Fact]
    public async Task Sample_ManyThreads_TakeExactlyTheCount()
    {
        Update("", ("trace_level", "TIMESTAMPS"), ("trace_rate", "2"), ("trace_count", "1000"));

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 1000).Count(_ => _state.Sample("m") is not null))))
            .WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1000, taken.Sum());
    }

    private string? Try(string? model, params (string Name, string Value)[] settings)
    {
        var change = new TraceChange(Folder);
        Assert.All(settings, setting => Assert.Null(change.Set(setting.Name, [setting.Value])));
        return _state.Update(model, change).Failure?.Message;
    }

    private void Update(string? model, params (string Name, string Value)[] settings) => Assert.Null(Try(model, settings));

    private void Clear(string model, params string[] names)
    {
        var change = new TraceChange(Folder);
        Assert.All(names, name => Assert.Null(change.Set(name, [])));
        Assert.Null(_state.Update(model, change).Failure);
    }
}
