using System.Net;
using Serving.Server.Hosting.Tls;

namespace Serving.Server.Hosting.Settings;

/// <summary>
/// Says everything that is wrong with the host's options, at once. Written by hand because the generated validator's
/// messages name neither the option as the user spells it nor the value.
/// </summary>
internal static class ServingOptionsValidator
{
    private static readonly string[] Providers = ["tensorrt", "cuda", "directml", "cpu"];

    public static IReadOnlyList<string> Validate(ServingOptions options)
    {
        var errors = new List<string>();
        CheckRanges(options, errors);
        CheckPorts(options, errors);
        CheckRepositories(options, errors);
        CheckTraceDirectory(options, errors);
        CheckRecordArrivals(options, errors);
        CheckAddresses(options, errors);
        CheckTls(options, errors);
        CheckProviders(options, errors);
        return errors;
    }

    private static void CheckRanges(ServingOptions options, List<string> errors)
    {
        foreach (var definition in OptionTable.All.Where(definition => definition.Range is not null))
        {
            // Validated before it is printed: only then are the bounds of a duration durations and not texts.
            var value = definition.Get(options);
            if (!definition.Range!.IsValid(value))
            {
                var (least, most) = (OptionText.Format(definition.Range.Minimum), OptionText.Format(definition.Range.Maximum));
                errors.Add($"{OptionTable.Spell(definition.Name)}: {OptionText.Format(value)} is out of range; allowed is {least} to {most}.");
            }
        }
    }

    /// <summary>With one port for everything the others are not used, so they cannot be wrong.</summary>
    private static void CheckPorts(ServingOptions options, List<string> errors)
    {
        if (options.Port is not null)
        {
            return;
        }

        (string Name, int Port)[] ports =
        [
            (nameof(options.HttpPort), options.HttpPort),
            (nameof(options.GrpcPort), options.GrpcPort),
            (nameof(options.MetricsPort), options.MetricsPort),
        ];
        foreach (var same in ports.Where(port => port.Port != 0).GroupBy(port => port.Port).Where(same => same.Count() > 1))
        {
            var names = string.Join(" and ", same.Select(port => OptionTable.Spell(port.Name)));
            errors.Add($"{names} are both {same.Key}; give each its own port, or serve everything on one with --port {same.Key}.");
        }
    }

    private static void CheckRepositories(ServingOptions options, List<string> errors)
    {
        var name = OptionTable.Spell(nameof(options.Repository));
        foreach (var path in options.Repository)
        {
            if (!Directory.Exists(path))
            {
                errors.Add($"{name}: '{path}' {(File.Exists(path) ? "is a file; a folder is expected" : "does not exist")} (full path: {Path.GetFullPath(path)}).");
            }
        }

        foreach (var same in options.Repository.GroupBy(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))).Where(same => same.Count() > 1))
        {
            errors.Add($"{name}: '{same.Key}' is given {same.Count()} times.");
        }
    }

    private static void CheckTraceDirectory(ServingOptions options, List<string> errors)
    {
        if (options.TraceDirectory is { } path && !Directory.Exists(path))
        {
            errors.Add($"{OptionTable.Spell(nameof(options.TraceDirectory))}: '{path}' is not a folder that exists (full path: {Path.GetFullPath(path)}).");
        }
    }

    private static void CheckRecordArrivals(ServingOptions options, List<string> errors)
    {
        if (options.RecordArrivals is { } path && (path.Length == 0 || Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))))
        {
            errors.Add($"{OptionTable.Spell(nameof(options.RecordArrivals))}: '{path}' is not a file in a folder that exists.");
        }
    }

    private static void CheckAddresses(ServingOptions options, List<string> errors)
    {
        if (options.Host is not ("localhost" or "*") && !IPAddress.TryParse(options.Host, out _))
        {
            errors.Add($"{OptionTable.Spell(nameof(options.Host))}: '{options.Host}' is not an IP address, 'localhost' or '*' (all addresses).");
        }

        if (options.OtlpEndpoint is { } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            errors.Add($"{OptionTable.Spell(nameof(options.OtlpEndpoint))}: '{endpoint}' is not an address such as http://localhost:4317.");
        }
    }

    private static void CheckTls(ServingOptions options, List<string> errors)
    {
        if (options.TlsCertificate is null)
        {
            var certificate = OptionTable.Spell(nameof(options.TlsCertificate));
            (string Name, bool Given)[] dependent =
            [
                (nameof(options.TlsKey), options.TlsKey is not null),
                (nameof(options.TlsClientCa), options.TlsClientCa is not null),
                (nameof(options.MetricsTls), options.MetricsTls),
            ];
            errors.AddRange(dependent.Where(option => option.Given).Select(option => $"{OptionTable.Spell(option.Name)} needs {certificate} as well: without a certificate there is no TLS."));
            return;
        }

        try
        {
            TlsIdentity.Create(TlsFiles.Read(options));
        }
        catch (TlsException exception)
        {
            errors.Add(exception.Message);
        }
    }

    private static void CheckProviders(ServingOptions options, List<string> errors)
    {
        foreach (var unknown in options.Providers.Where(provider => !Providers.Contains(provider, StringComparer.OrdinalIgnoreCase)))
        {
            errors.Add($"{OptionTable.Spell(nameof(options.Providers))}: '{unknown}' is not one of {string.Join(", ", Providers)}.");
        }
    }
}
