# Makes a change of the service and tells what there is afterwards as an object, or shows its dry run.
function Invoke-CorootChange {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [string] $AgentPath,

        [Parameter(Mandatory)]
        [string[]] $Argument,

        # Only shows what would be changed.
        [switch] $DryRun,

        # Nothing is left to tell of.
        [switch] $Gone
    )

    if ($DryRun) {
        Invoke-CorootCommand -AgentPath $AgentPath -Argument (@($Argument) + '--dry-run') |
            ForEach-Object -Process { Write-Information -MessageData $_ -InformationAction Continue }
        return
    }
    Invoke-CorootCommand -AgentPath $AgentPath -Argument $Argument | ForEach-Object -Process { Write-Verbose -Message $_ }
    if ($Gone) { return }
    $status = (Invoke-CorootCommand -AgentPath $AgentPath -Argument 'status', '-o', 'json') -join "`n" | ConvertFrom-Json
    [pscustomobject]@{
        PSTypeName   = 'CorootAgent.Installation'
        Name         = $status.name
        State        = $status.state
        ProcessId    = [int] $status.pid
        Account      = $status.account
        Program      = $status.binaryPath
        CrashFolder  = $status.crashFolder
        CrashReports = [string[]] @($status.crashes)
    }
}
