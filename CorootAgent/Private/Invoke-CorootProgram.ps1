# Runs a command of `coroot-agent` and returns its lines as they arrive. An exit code other than 0 becomes an error with
# an id.
function Invoke-CorootProgram {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [string] $AgentPath,

        # The command, e.g. `service`.
        [string] $Command = 'service',

        # The words after the command.
        [Parameter(Mandatory)]
        [string[]] $Argument,

        # The cmdlet that reports errors and warnings.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    $program, $first = @(Resolve-CorootProgram -Path $AgentPath -Caller $Caller)
    $arguments = @($first | Where-Object -FilterScript { $_ }) + $Command + $Argument
    $messages = New-Object -TypeName 'System.Collections.Generic.List[string]'
    # With the preference Stop, Windows PowerShell would end the program at its first line on standard error.
    $ErrorActionPreference = 'Continue'
    $mark = Get-CorootErrorMark
    # Options that load other scripts into Node may come from the user's part of the environment.
    $options = $env:NODE_OPTIONS
    $env:NODE_OPTIONS = $null
    try {
        & $program $arguments 2>&1 | ForEach-Object -Process {
            if ($_ -is [System.Management.Automation.ErrorRecord]) { $messages.Add([string] $_.Exception.Message) }
            else { [string] $_ }
        }
        $code = $LASTEXITCODE
    }
    finally { $env:NODE_OPTIONS = $options }
    # Windows PowerShell adds each line on standard error to $Error.
    Clear-CorootCaughtError -Mark $mark
    if ($code -eq 0) {
        foreach ($line in $messages) {
            $Caller.WriteWarning((ConvertTo-CorootPrintable -Text ($line -replace '^warning: ')))
        }
        return
    }
    $ids = @{
        6 = 'CorootAgentNotRunning'; 7 = 'CorootAgentNotReachable'
        9 = 'CorootNotElevated'; 10 = 'CorootServiceFailed'; 11 = 'CorootOtherAgent'; 12 = 'CorootDataFolder'
        14 = 'CorootUnsafeProgram'; 15 = 'CorootAgentForeign'
    }
    $categories = @{
        6 = 'ResourceUnavailable'; 7 = 'ConnectionError'; 9 = 'PermissionDenied'; 15 = 'SecurityError'
    }
    $id = if ($ids.ContainsKey($code)) { $ids[$code] } else { 'CorootAgentCommand' }
    $category = if ($categories.ContainsKey($code)) { $categories[$code] } else { 'InvalidOperation' }
    # The first line that is not a warning is the error. The lines after it are the hint.
    $lines = @($messages | Where-Object -FilterScript { $_ -notlike 'warning: *' })
    $message = "coroot-agent ended with exit code $code"
    if ($lines.Count -gt 0) { $message = $lines[0] -replace '^coroot-agent: ' }
    $hint = @($lines | Select-Object -Skip 1) -join ' '
    $text = @{ Message = $message; Hint = $hint }
    $Caller.ThrowTerminatingError(
        (New-CorootError @text -Id $id -Category $category -Target ($Argument -join ' ')))
}
