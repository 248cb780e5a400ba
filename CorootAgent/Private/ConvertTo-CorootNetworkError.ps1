# The error of a failed request: not running (connection refused), not reachable (no route, unknown name, timeout) or not the agent.
function ConvertTo-CorootNetworkError {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [System.Exception] $Exception,

        [Parameter(Mandatory)]
        [string] $Address
    )

    if ($Exception -is [System.Net.Sockets.SocketException] -and $Exception.SocketErrorCode -eq [System.Net.Sockets.SocketError]::ConnectionRefused) {
        return New-CorootError -Id 'CorootAgentNotRunning' -Category ResourceUnavailable -Target $Address -Exception $Exception `
            -Message "CorootAgent is not running: nothing listens on $Address" `
            -Hint 'Start it with "coroot-agent run", or name another address with -Address HOST:PORT.'
    }
    # The connection was established and then reset, or the answer was not HTTP: another program listens there.
    $reset = $Exception -is [System.Net.Sockets.SocketException] -and $Exception.SocketErrorCode -eq [System.Net.Sockets.SocketError]::ConnectionReset
    if ($reset -or -not ($Exception -is [System.Net.Sockets.SocketException] -or $Exception -is [System.TimeoutException] -or (Test-CorootConnectFailure -Exception $Exception))) {
        return New-CorootAnswerError -Address $Address -Reason $Exception.Message
    }
    New-CorootError -Id 'CorootAgentNotReachable' -Category ConnectionError -Target $Address -Exception $Exception `
        -Message "CorootAgent at $Address cannot be reached: $($Exception.Message)" `
        -Hint 'Check the address, the network and any firewall in between.'
}

# Whether .NET Framework, the runtime of Windows PowerShell, found no way to the host. It throws a WebException where .NET throws a SocketException.
function Test-CorootConnectFailure {
    [CmdletBinding()]
    [OutputType([bool])]
    param([System.Exception] $Exception)

    $unreachable = @('NameResolutionFailure', 'ConnectFailure', 'Timeout', 'ProxyNameResolutionFailure')
    $Exception -is [System.Net.WebException] -and $unreachable -contains $Exception.Status.ToString()
}
