# Runs `coroot-agent service ...`, hands its lines out as they come, and makes an error with an id of an exit code that is not 0.
function Invoke-CorootCommand {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [string] $AgentPath,

        [Parameter(Mandatory)]
        [string[]] $Argument
    )

    $program, $first = @(Resolve-CorootCommand -Path $AgentPath)
    $arguments = @($first | Where-Object -FilterScript { $_ }) + 'service' + $Argument
    $said = New-Object -TypeName 'System.Collections.Generic.List[string]'
    # A line on standard error is no exception here: with Stop, Windows PowerShell would end at the first one.
    $ErrorActionPreference = 'Continue'
    & $program $arguments 2>&1 | ForEach-Object -Process {
        if ($_ -is [System.Management.Automation.ErrorRecord]) {
            $line = [string] $_.Exception.Message
            if ($line -like 'warning: *' -or $said.Count -gt 0) { $said.Add($line) } else { $said.Add(($line -replace '^coroot-agent: ', '')) }
        }
        else { [string] $_ }
    }
    $code = $LASTEXITCODE
    if ($code -eq 0) {
        foreach ($line in $said) { Write-Warning -Message ($line -replace '^warning: ', '') }
        return
    }
    $ids = @{ 9 = 'CorootNotElevated'; 10 = 'CorootServiceFailed'; 11 = 'CorootOtherAgent'; 12 = 'CorootDataFolder' }
    $id = if ($ids.ContainsKey($code)) { $ids[$code] } else { 'CorootAgentCommand' }
    $category = if ($code -eq 9) { 'PermissionDenied' } else { 'InvalidOperation' }
    $last = @($said | Where-Object -FilterScript { $_ -notlike 'warning: *' })
    $message = if ($last.Count -gt 0) { $last[0] -replace '^coroot-agent: ', '' } else { "it ended with exit code $code" }
    throw (New-CorootError -Id $id -Category $category -Target ($Argument -join ' ') -Message $message -Hint (@($last | Select-Object -Skip 1) -join ' '))
}
