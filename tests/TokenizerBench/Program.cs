using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Serving.Runtime.Tokenization;

// Tokenizes the texts of a JSON file again and again on one thread, and prints how many megabytes of UTF-8 a second that
// is at best, and how many bytes each token allocates. tests/tokenizers/oracle/throughput.mjs runs it beside the reference
// library, with the same texts in turns.
var (tokenizerFile, textsFile, rounds) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
var tokenizer = Tokenizer.Load(tokenizerFile);
var texts = JsonSerializer.Deserialize<string[]>(await File.ReadAllBytesAsync(textsFile))!;
var bytes = texts.Sum(text => (long)System.Text.Encoding.UTF8.GetByteCount(text));

var best = double.PositiveInfinity;
var tokens = 0L;
var allocated = 0L;
for (var round = 0; round < rounds; round++)
{
    var before = GC.GetAllocatedBytesForCurrentThread();
    var start = Stopwatch.GetTimestamp();
    tokens = 0;
    foreach (var text in texts)
    {
        tokens += tokenizer.Encode(text).Length;
    }

    best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
    allocated = GC.GetAllocatedBytesForCurrentThread() - before;
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{{\"megabytesPerSecond\":{bytes / best / 1e6:F2},\"tokens\":{tokens},\"bytesPerToken\":{(double)allocated / tokens:F0}}}"));
