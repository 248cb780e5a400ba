// Runs one PowerShell script file in a runspace and exits with the script's exit code: "pwsh.exe FILE".
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

if (args.Length != 1) { Console.Error.WriteLine("usage: pwsh FILE"); return 64; }
var state = InitialSessionState.CreateDefault();
// The default policy of a new Windows refuses to load script modules.
state.ExecutionPolicy = ExecutionPolicy.Bypass;
var host = new ScriptHost();
using var runspace = RunspaceFactory.CreateRunspace(host, state);
runspace.Open();
using var shell = PowerShell.Create(runspace);
// "exit" in a script file only sets $LASTEXITCODE; at the top level it reaches the host.
shell.AddScript("param($File) $global:LASTEXITCODE = 0; & $File | Out-String -Stream; exit $LASTEXITCODE").AddArgument(args[0]);
shell.Streams.Error.DataAdded += (_, e) => Console.Error.WriteLine(shell.Streams.Error[e.Index]);
shell.Streams.Warning.DataAdded += (_, e) => Console.WriteLine($"WARNING: {shell.Streams.Warning[e.Index]}");
shell.Streams.Information.DataAdded += (_, e) => Console.WriteLine(shell.Streams.Information[e.Index]);
try
{
    var output = new PSDataCollection<PSObject>();
    output.DataAdded += (_, e) => Console.WriteLine(output[e.Index]);
    shell.Invoke(null, output);
    return host.ExitCode ?? 0;
}
catch (RuntimeException error)
{
    Console.Error.WriteLine($"{error.ErrorRecord.FullyQualifiedErrorId}: {error.ErrorRecord}");
    return 1;
}

/// <summary>A host without a user interface that keeps the code of the statement "exit".</summary>
internal sealed class ScriptHost : PSHost
{
    public int? ExitCode { get; private set; }
    public override string Name => "CorootAgent test host";
    public override Version Version => new(1, 0);
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;
    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;
    public override PSHostUserInterface? UI => null;
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;
    public override void EnterNestedPrompt() => throw new NotSupportedException();
    public override void ExitNestedPrompt() => throw new NotSupportedException();
    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }
}
