# Returns new messages until the pipeline is stopped. The control plane is asked again and again, because a stream of
# events would need classes of .NET that Windows PowerShell does not have.
function Watch-CorootLog {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        # One for each agent: Address, Container and Cursor.
        [Parameter(Mandatory)]
        [hashtable[]] $Position,

        [hashtable] $Filter,

        [int] $TimeoutSec,

        # The cmdlet that reports errors and warnings.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    foreach ($each in $Position) {
        if (@(Split-CorootContainer -Container $each.Container).Count -gt 1) {
            $reason = 'These are too many containers to follow: name them with a pattern.'
            $Caller.ThrowTerminatingError((New-CorootBindingError -Reason $reason -Target $each.Address))
        }
        $each.Interrupted = $false
        $each.WaitMs = 0
        $each.NextMs = 0
    }
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        # Ctrl-C ends a sleep.
        Start-Sleep -Milliseconds 500
        foreach ($each in $Position) {
            if ($clock.ElapsedMilliseconds -lt $each.NextMs) { continue }
            Read-CorootNewLog -Position $each -Filter $Filter -TimeoutSec $TimeoutSec -Caller $Caller
            $each.NextMs = $clock.ElapsedMilliseconds + $each.WaitMs
        }
    }
}

# The messages after a position, which moves behind them.
function Read-CorootNewLog {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [hashtable] $Position,

        [hashtable] $Filter,

        [int] $TimeoutSec,

        [System.Management.Automation.PSCmdlet] $Caller
    )

    $request = @{ Address = $Position.Address; TimeoutSec = $TimeoutSec; RequiredProperty = 'messages' }
    do {
        $filterNow = $Filter + @{ after = $Position.Cursor; limit = 1000 }
        $query = Get-CorootQueryString -Filter $filterNow -Container $Position.Container
        $mark = Get-CorootErrorMark
        $failure = $null
        try { $answer = Invoke-CorootRequest @request -Path "/api/v1/logs$query" } catch { $failure = $_ }
        Clear-CorootCaughtError -Mark $mark
        if ($failure) {
            $lasting = $failure.FullyQualifiedErrorId -notmatch
                '^(CorootAgentNotRunning|CorootAgentNotReachable|CorootAgentAnswer|NOT_READY|BUSY)(,|$)'
            if ($lasting) { $Caller.ThrowTerminatingError($failure) }
            if (-not $Position.Interrupted) {
                $text = "The log is interrupted: $($failure.Exception.Message) Trying again."
                $Caller.WriteWarning((ConvertTo-CorootPrintable -Text $text))
            }
            $Position.Interrupted = $true
            $Position.WaitMs = [math]::Min(10000, [math]::Max(500, 2 * $Position.WaitMs))
            return
        }
        if ($Position.Interrupted) { $Caller.WriteWarning('The agent answers again.') }
        $Position.Interrupted = $false
        $Position.WaitMs = 0
        if ($answer.restarted) {
            $Caller.WriteWarning('The agent was restarted: messages that it had not shown before are missing.')
        }
        if ($answer.missed -gt 0) {
            $Caller.WriteWarning("$($answer.missed) messages of all containers were removed before they were read.")
        }
        $Position.Cursor = "$($answer.cursor)"
        ConvertTo-CorootObject -Name 'LogMessage' -InputObject $answer.messages -Answer $answer
    } while ($answer.truncated)
}
