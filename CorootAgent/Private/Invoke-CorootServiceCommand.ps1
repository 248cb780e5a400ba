# Changes the service by `coroot-agent service ...` and returns its new state, or shows the dry run of the change.
function Invoke-CorootServiceCommand {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [string] $AgentPath,

        # The words after `service`.
        [Parameter(Mandatory)]
        [string[]] $Argument,

        # Shows what would be changed.
        [switch] $DryRun,

        # Returns nothing, because the change removes the service.
        [switch] $NoState
    )

    if ($DryRun) {
        Invoke-CorootProgram -AgentPath $AgentPath -Argument (@($Argument) + '--dry-run') |
            ForEach-Object -Process { Write-Information -MessageData $_ -InformationAction Continue }
        return
    }
    Invoke-CorootProgram -AgentPath $AgentPath -Argument $Argument |
        ForEach-Object -Process { Write-Verbose -Message $_ }
    if ($NoState) { return }
    $status = (Invoke-CorootProgram -AgentPath $AgentPath -Argument 'status', '-o', 'json') -join "`n"
    ConvertTo-CorootObject -Name 'Installation' -InputObject (ConvertFrom-Json -InputObject $status)
}
