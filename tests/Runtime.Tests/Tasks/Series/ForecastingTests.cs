using Serving.Runtime.Tests.Tasks.Audio;
using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks.Series;

public sealed class ForecastingTests
{
    [Fact]
    public async Task Ask_Series_GoOn_FromTheirEnd()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSeries(folder.Folder("sales"));
        await folder.StartAsync();

        var answer = await SoundInputs.AnswerAsync(folder, "sales", SoundInputs.Floats("values", [1, 5, 2], 9, 9, 1, 10, 2, 20, 3, 30, 4, 40));

        Assert.Equal([1, 2, 2], answer.Shape("forecast"));
        Assert.Equal([4f, 31, 5, 41], answer.Floats("forecast"));
    }

    [Fact]
    public async Task Ask_Scaled_ComesBackInTheSeriesOwnMeasure()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSeries(folder.Folder("sales"));
        await folder.StartAsync();

        // One more in scaled numbers is one deviation more: of 1, 1, 3, 3 that is 1, of what never changes as good as 1.
        var answer = await SoundInputs.AnswerAsync(folder, "sales", SoundInputs.Floats("values", [2, 4, 2], 1, 7, 1, 7, 3, 7, 3, 7, 10, 0, 10, 0, 30, 0, 30, 0), new { scale = true });

        Assert.Equal([4f, 8, 4, 8, 40, 1, 40, 1], answer.Floats("forecast"));
    }

    [Fact]
    public async Task Ask_TooShort_IsRefused()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSeries(folder.Folder("sales"));
        await folder.StartAsync();

        Assert.Equal(
            "InvalidInput: the series have 3 values, the model wants 4; of longer ones it reads the last",
            await SoundInputs.FailAsync(folder, "sales", SoundInputs.Floats("values", [1, 3, 2], new float[6])));
    }
}
