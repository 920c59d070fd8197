using System.Globalization;

namespace Serving.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        usage: ./bench [--rounds N] [--only P1,P5] [--quick] [--million] [--json FILE] [--markdown]
               ./bench bert MODEL.onnx [--rounds N] [--quick]
               ./bench embedding FOLDER [--rounds N] [--quick]
          --rounds    how often each pair is measured, in turns; 5, and 9 for P3
          --only      these measures alone
          --quick     fewer and shorter rounds: whether everything works, not how fast it is
          --million   P6 over a million requests
          --json      writes the results to a file as well
          --markdown  prints the tables as docs/performance.md has them
          bert        tokens a second of an encoder with inputs of mixed lengths, beside ONNX Runtime alone
          embedding   the same of texts, for a folder with model.onnx and tokenizer.json
        """;

    private const int UsualRounds = 5;
    private const int QuickRounds = 2;

    /// <summary>How many rounds were asked for; null for what is usual.</summary>
    public int? AskedRounds { get; init; }

    public IReadOnlyList<string> Only { get; init; } = [];

    public bool Quick { get; init; }

    public bool Million { get; init; }

    public string? Json { get; init; }

    public bool Markdown { get; init; }

    /// <summary>How often a pair is measured.</summary>
    public int Rounds => AskedRounds ?? (Quick ? QuickRounds : UsualRounds);

    /// <summary>How long a load lasts; h2load takes whole seconds.</summary>
    public double Seconds => Quick ? 1 : 3;

    /// <summary>How long a server is loaded before anything counts: so long that the compiler has done with it.</summary>
    public double WarmUpSeconds => Quick ? 4 : 12;

    /// <summary>Reads arguments; false with what is wrong.</summary>
    public static bool TryParse(IReadOnlyList<string> arguments, out BenchOptions options, out string error)
    {
        options = new BenchOptions();
        error = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            switch (name)
            {
                case "--quick":
                    options = options with { Quick = true };
                    continue;
                case "--million":
                    options = options with { Million = true };
                    continue;
                case "--markdown":
                    options = options with { Markdown = true };
                    continue;
            }

            if (name is not ("--rounds" or "--only" or "--json"))
            {
                error = $"'{name}' is not known";
                return false;
            }

            if (++i == arguments.Count)
            {
                error = $"{name} needs a value";
                return false;
            }

            if (!options.TrySet(name, arguments[i], out options, out error))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySet(string name, string value, out BenchOptions options, out string error)
    {
        error = "";
        options = this;
        switch (name)
        {
            case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
                options = this with { AskedRounds = rounds };
                return true;
            case "--rounds":
                error = $"--rounds '{value}' is not a number from 1";
                return false;
            case "--json":
                options = this with { Json = value };
                return true;
            default:
                options = this with { Only = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) };
                return true;
        }
    }
}
