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
        [switch] $NoState,

        # The cmdlet that reports errors, warnings and steps.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    $program = @{ AgentPath = $AgentPath; Caller = $Caller }
    if ($DryRun) {
        Invoke-CorootProgram @program -Argument (@($Argument) + '--dry-run') | ForEach-Object -Process {
            Write-Information -MessageData (ConvertTo-CorootPrintable -Text $_) -InformationAction Continue
        }
        return
    }
    Invoke-CorootProgram @program -Argument $Argument |
        ForEach-Object -Process { $Caller.WriteVerbose((ConvertTo-CorootPrintable -Text $_)) }
    if ($NoState) { return }
    $status = (Invoke-CorootProgram @program -Argument 'status', '-o', 'json') -join "`n"
    ConvertTo-CorootObject -Name 'Installation' -InputObject (ConvertFrom-Json -InputObject $status)
}
