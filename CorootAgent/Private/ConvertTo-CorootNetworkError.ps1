# Tells "not running" (nothing listens there), "not reachable" (no way to it, or no answer in time) and "something else answers".
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
    # A connection that stood and broke, or brought something else than HTTP: somebody is there, but not the agent.
    $reset = $Exception -is [System.Net.Sockets.SocketException] -and $Exception.SocketErrorCode -eq [System.Net.Sockets.SocketError]::ConnectionReset
    if ($reset -or -not ($Exception -is [System.Net.Sockets.SocketException] -or $Exception -is [System.TimeoutException] -or (Test-CorootNameFailure -Exception $Exception))) {
        return New-CorootAnswerError -Address $Address -Reason $Exception.Message
    }
    New-CorootError -Id 'CorootAgentNotReachable' -Category ConnectionError -Target $Address -Exception $Exception `
        -Message "CorootAgent at $Address cannot be reached: $($Exception.Message)" `
        -Hint 'Check the address, the network and any firewall in between.'
}

# .NET Framework, which Windows PowerShell runs on, has a status of its own where .NET has a socket's error.
function Test-CorootNameFailure {
    [CmdletBinding()]
    [OutputType([bool])]
    param([System.Exception] $Exception)

    $unreachable = @('NameResolutionFailure', 'ConnectFailure', 'Timeout', 'ProxyNameResolutionFailure')
    $Exception -is [System.Net.WebException] -and $unreachable -contains $Exception.Status.ToString()
}
