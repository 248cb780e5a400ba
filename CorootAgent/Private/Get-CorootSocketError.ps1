# The SocketError somewhere inside an exception, or nothing. PowerShell 5.1 and 7 wrap it differently.
function Get-CorootSocketError {
    [CmdletBinding()]
    [OutputType([System.Net.Sockets.SocketError])]
    param(
        [Parameter(Mandatory)]
        [System.Exception] $Exception
    )

    for ($inner = $Exception; $null -ne $inner; $inner = $inner.InnerException) {
        if ($inner -is [System.Net.Sockets.SocketException]) { return $inner.SocketErrorCode }
    }
}
