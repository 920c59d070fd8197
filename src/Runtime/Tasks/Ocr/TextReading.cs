using Serving.Runtime.Images;
using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks.Images;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Ocr;

/// <summary>Reads one picture: finds its lines, cuts them out, turns those that are upside down, and reads each.</summary>
internal sealed class TextReading(TaskCall call, CtcText texts)
{
    private const int UsualSide = 960;
    private const double UsualBoxThreshold = 0.6;
    private const double UsualThreshold = 0.5;

    // How sure the classifier must be; PP-OCR's own setting.
    private const float UpsideDownThreshold = 0.9f;

    // Lines of a page are turned alike: where the longest few agree, the others are not asked.
    private const int LinesAskedFirst = 3;

    // Lines of a picture under way at a time. Arbitrary: several times what a graph runs together.
    private const int LinesTogether = 64;

    private readonly ImageLimits _limits = ImageOptions.Limits(call.Settings);
    private readonly TensorSignature _input = TensorSignatures.PerRow(
        call.Settings.Get(OcrOptions.Input) ?? "x", ElementType.Float32, ("channels", 3), ("height", -1), ("width", -1));

    /// <summary>The lines in reading order. The picture stays its owner's, who keeps it until this is done.</summary>
    public async Task<Outcome<TextLine[]>> ReadAsync(Raster picture)
    {
        if (!(await FindAsync(picture).ConfigureAwait(false)).TryGetValue(out var places, out var failure))
        {
            return failure;
        }

        if (!(await TurnAsync(picture, places).ConfigureAwait(false)).TryGetValue(out places, out failure)
            || !(await EachAsync(places, place => ReadAsync(picture, place)).ConfigureAwait(false)).TryGetValue(out var lines, out failure))
        {
            return failure;
        }

        var threshold = call.Settings.Get(OcrOptions.Threshold, UsualThreshold);
        return ReadingOrder.Sort(Array.FindAll(lines, line => line.Text.Length > 0 && line.Score >= threshold));
    }

    private async Task<Outcome<Quad[]>> FindAsync(Raster picture)
    {
        var model = call.Settings.Get(OcrOptions.Detector) ?? "pp-ocrv4-detection";
        var plan = OcrPlans.Detection(call.Settings.Get(OcrOptions.LongestSide, UsualSide));
        if (!(await AskAsync(model, plan, picture, (frame, output) => Places(frame, output)).ConfigureAwait(false)).TryGetValue(out var places, out var failure))
        {
            return failure;
        }

        // Lines that are far taller than wide are written upwards or downwards.
        return Array.ConvertAll(places, place => place.Height >= 1.5 * place.Width ? place.Turned : place);
    }

    private Quad[] Places(PictureFrame frame, OutputTensor output)
    {
        var (height, width) = ((int)output.Shape[2], (int)output.Shape[3]);
        var found = TextRegions.Find(Numbers.Floats(output), width, height, call.Settings.Get(OcrOptions.BoxThreshold, UsualBoxThreshold));
        return [.. found.Select(place => place.Scaled((double)frame.Original.Width / width, (double)frame.Original.Height / height))];
    }

    /// <summary>The lines' places as they are to be read: turned where lines are upside down.</summary>
    private async Task<Outcome<Quad[]>> TurnAsync(Raster picture, Quad[] places)
    {
        if (!call.Settings.Get(OcrOptions.Turns, true))
        {
            return places;
        }

        var some = places.OrderByDescending(place => place.Width).Take(LinesAskedFirst).ToArray();
        if (!(await EachAsync(some, place => IsUpsideDownAsync(picture, place)).ConfigureAwait(false)).TryGetValue(out var turned, out var failure))
        {
            return failure;
        }

        if (turned.Distinct().Count() < 2)
        {
            return turned.Contains(true) ? Array.ConvertAll(places, place => place.UpsideDown) : places;
        }

        return (await EachAsync(places, place => IsUpsideDownAsync(picture, place)).ConfigureAwait(false)).TryGetValue(out turned, out failure)
            ? places.Zip(turned, (place, isTurned) => isTurned ? place.UpsideDown : place).ToArray()
            : failure;
    }

    private async Task<Outcome<bool>> IsUpsideDownAsync(Raster picture, Quad place)
    {
        using var crop = LineCrop.Cut(picture, place);
        var classifier = call.Settings.Get(OcrOptions.Classifier) ?? "pp-ocrv4-direction";
        return await AskAsync(classifier, OcrPlans.Direction, crop, static (_, output) => Numbers.Floats(output)[1] > UpsideDownThreshold).ConfigureAwait(false);
    }

    private async Task<Outcome<TextLine>> ReadAsync(Raster picture, Quad place)
    {
        using var line = LineCrop.Cut(picture, place);
        var model = call.Settings.Get(OcrOptions.Recogniser) ?? "pp-ocrv4-recognition";
        var plan = OcrPlans.Recognition(new ImageSize(line.Height, line.Width));
        var outcome = await AskAsync(model, plan, line, (_, output) => (output.Shape[2], texts.Decode(Numbers.Floats(output), (int)output.Shape[2]))).ConfigureAwait(false);
        if (!outcome.TryGetValue(out var read, out var failure))
        {
            return failure;
        }

        var (classes, (text, score)) = read;
        return classes == texts.Classes
            ? new TextLine(text.Trim(), score, place)
            : InferenceFailure.Unsupported($"the model '{model}' tells {classes} characters apart, the dictionary has {texts.Classes} with the blank and the space");
    }

    /// <summary>Asks about each line, some at a time.</summary>
    private static async Task<Outcome<T[]>> EachAsync<T>(Quad[] places, Func<Quad, Task<Outcome<T>>> ask)
        where T : notnull
    {
        var results = new List<T>(places.Length);
        foreach (var some in places.Chunk(LinesTogether))
        {
            foreach (var outcome in await Task.WhenAll(some.Select(ask)).ConfigureAwait(false))
            {
                if (!outcome.TryGetValue(out var result, out var failure))
                {
                    return failure;
                }

                results.Add(result);
            }
        }

        return results.ToArray();
    }

    /// <summary>Asks one of the models about a picture.</summary>
    private async Task<Outcome<T>> AskAsync<T>(string model, ImagePreprocessor plan, Raster picture, Func<PictureFrame, OutputTensor, T> read)
        where T : notnull
    {
        if (!plan.Prepare(picture, _limits).TryGetValue(out var prepared, out var failure))
        {
            return failure;
        }

        PictureTensor tensor;
        using (prepared)
        {
            tensor = new PictureTensor(prepared, _input, null);
        }

        using (tensor)
        {
            if (!(await call.RunModelAsync(model, tensor.Inputs).ConfigureAwait(false)).TryGetValue(out var response, out failure))
            {
                return failure;
            }

            using (response)
            {
                return read(tensor.Frame, response.Outputs[0]);
            }
        }
    }
}
