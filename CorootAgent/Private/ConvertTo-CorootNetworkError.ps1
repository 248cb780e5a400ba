# The error of a failed request: not running (connection refused), not reachable (no route, unknown name, timeout) or
# not the agent.
function ConvertTo-CorootNetworkError {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [System.Exception] $Exception,

        [Parameter(Mandatory)]
        [string] $Address
    )

    $isSocketError = $Exception -is [System.Net.Sockets.SocketException]
    $socketError = if ($isSocketError) { $Exception.SocketErrorCode.ToString() }
    $shared = @{ Target = $Address; Exception = $Exception }
    if ($socketError -eq 'ConnectionRefused') {
        return New-CorootError @shared -Id 'CorootAgentNotRunning' -Category ResourceUnavailable `
            -Message "CorootAgent is not running: nothing listens on $Address" `
            -Hint 'Start it with "coroot-agent run", or name another address with -Address HOST:PORT.'
    }
    # The connection was established and then reset, or the answer was not HTTP: another program listens there.
    $isTimeout = $Exception -is [System.TimeoutException]
    $isUnreachable = $isSocketError -or $isTimeout -or (Test-CorootConnectFailure -Exception $Exception)
    if ($socketError -eq 'ConnectionReset' -or -not $isUnreachable) {
        return New-CorootAnswerError -Address $Address -Reason $Exception.Message
    }
    New-CorootError @shared -Id 'CorootAgentNotReachable' -Category ConnectionError `
        -Message "CorootAgent at $Address cannot be reached: $($Exception.Message)" `
        -Hint 'Check the address, the network and any firewall in between.'
}

# Whether .NET Framework, the runtime of Windows PowerShell, found no way to the host. It throws a WebException where
# .NET throws a SocketException.
function Test-CorootConnectFailure {
    [CmdletBinding()]
    [OutputType([bool])]
    param([System.Exception] $Exception)

    $unreachable = @('NameResolutionFailure', 'ConnectFailure', 'Timeout', 'ProxyNameResolutionFailure')
    $Exception -is [System.Net.WebException] -and $unreachable -contains $Exception.Status.ToString()
}
