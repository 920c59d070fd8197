namespace Serving.Deployment.Tests.Tools;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("serving-").FullName;

    public string At(string relative) => System.IO.Path.Combine(Path, relative);

    public bool Has(string relative) => System.IO.Path.Exists(At(relative));

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(relative))!);
        File.WriteAllText(At(relative), text);
    }

    public void WriteScript(string relative, string text)
    {
        Write(relative, text);
        MakeExecutable(relative);
    }

    /// <summary>Copies a file or folder of the checkout to the same place here.</summary>
    public void CopyFromCheckout(string relative)
    {
        var source = Checkout.At(relative);
        foreach (var file in Directory.Exists(source) ? Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories) : [source])
        {
            var target = At(System.IO.Path.GetRelativePath(Checkout.Root, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void MakeExecutable(string relative)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At(relative), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
