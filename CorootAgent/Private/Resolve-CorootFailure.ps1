# Says why no answer came: no agent runs there, it cannot be reached, or something else listens there.
function Resolve-CorootFailure {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        # As Resolve-CorootAddress gives it.
        [Parameter(Mandatory)]
        [pscustomobject] $Target,

        [Parameter(Mandatory)]
        [System.Exception] $Exception,

        [Parameter(Mandatory)]
        [int] $TimeoutSec
    )

    $late = $false
    for ($inner = $Exception; $null -ne $inner; $inner = $inner.InnerException) {
        if ($inner -is [System.Threading.Tasks.TaskCanceledException]) { $late = $true }
    }
    # A time-out has no socket error, and which exception stands for which error differs between PowerShell 5.1 and 7.
    $code = Get-CorootSocketError -Exception $Exception
    if ($null -eq $code) { $code = Test-CorootPort -HostName $Target.HostName -Port $Target.Port }

    $unresolved = 'HostNotFound', 'NoData', 'TryAgain', 'NoRecovery'
    $brokenOff = 'ConnectionReset', 'ConnectionAborted', 'Disconnecting', 'Shutdown'
    $common = @{ Target = $Target.Text; Cause = $Exception }

    if ("$code" -eq 'ConnectionRefused') {
        $hint = 'If it runs elsewhere, name its address with -Address HOST:PORT.'
        if (-not $Target.IsLoopback) { $hint += ' An agent answers on its own machine only, unless its setting listen says otherwise.' }
        $message = "No agent is running: nothing listens on $($Target.Text). Start it with: coroot-agent run"
        return New-CorootErrorRecord @common -Id 'CorootAgentNotRunning' -Category ResourceUnavailable -Message $message -Hint $hint
    }

    if ("$code" -in $brokenOff -or ("$code" -eq 'Success' -and -not $late)) {
        $reason = 'it broke the connection off or does not speak HTTP'
        return New-CorootAnswerError -Target $Target -Reason $reason -Cause $Exception
    }

    $reason = if ("$code" -in $unresolved) {
        "the name '$($Target.HostName)' cannot be resolved"
    } elseif ("$code" -eq 'Success') {
        "something listens there, but it has not answered within $TimeoutSec s"
    } elseif ("$code" -eq 'TimedOut') {
        'the connection attempt was not answered'
    } else {
        [System.Net.Sockets.SocketException]::new([int] $code).Message
    }
    $message = "The agent at $($Target.Text) cannot be reached: $reason."
    $hint = 'Check the address, the network and any firewall in between.'
    New-CorootErrorRecord @common -Id 'CorootAgentNotReachable' -Category ConnectionError -Message $message -Hint $hint
}
