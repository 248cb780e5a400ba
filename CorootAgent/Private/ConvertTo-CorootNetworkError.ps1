# Tells "not running" (nothing listens there) from "not reachable" (no way to it, or no answer in time).
function ConvertTo-CorootNetworkError {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [System.Exception] $Exception,

        [Parameter(Mandatory)]
        [string] $Address
    )

    for ($inner = $Exception; $null -ne $inner; $inner = $inner.InnerException) {
        if ($inner -is [System.Net.Sockets.SocketException] -and $inner.SocketErrorCode -eq [System.Net.Sockets.SocketError]::ConnectionRefused) {
            return New-CorootError -Id 'CorootAgentNotRunning' -Category ResourceUnavailable -Target $Address -Exception $Exception `
                -Message "CorootAgent is not running: nothing listens on $Address." `
                -Hint 'Start it with "coroot-agent run", or name another address with -Address HOST:PORT.'
        }
    }
    New-CorootError -Id 'CorootAgentNotReachable' -Category ConnectionError -Target $Address -Exception $Exception `
        -Message "CorootAgent at $Address cannot be reached: $($Exception.GetBaseException().Message)" `
        -Hint 'Check the address, the network and any firewall in between.'
}
