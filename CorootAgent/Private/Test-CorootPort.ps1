# Tries a TCP connection and says how it went, as a SocketError: Success when something listens.
function Test-CorootPort {
    [CmdletBinding()]
    [OutputType([System.Net.Sockets.SocketError])]
    param(
        [Parameter(Mandatory)]
        [string] $HostName,

        [Parameter(Mandatory)]
        [int] $Port,

        # For the name and for each address; Windows takes two seconds to say that a local port is closed.
        [int] $TimeoutMs = 4000
    )

    $lookup = [System.Net.Dns]::GetHostAddressesAsync($HostName)
    if ([System.Threading.Tasks.Task]::WaitAny([System.Threading.Tasks.Task[]] @($lookup), $TimeoutMs) -lt 0) {
        return [System.Net.Sockets.SocketError]::TryAgain
    }
    if ($lookup.IsFaulted) { return [System.Net.Sockets.SocketError]::HostNotFound }

    $result = [System.Net.Sockets.SocketError]::HostNotFound
    foreach ($ip in $lookup.Result) {
        $client = [System.Net.Sockets.TcpClient]::new($ip.AddressFamily)
        try {
            $attempt = $client.ConnectAsync($ip, $Port)
            if ([System.Threading.Tasks.Task]::WaitAny([System.Threading.Tasks.Task[]] @($attempt), $TimeoutMs) -lt 0) {
                $result = [System.Net.Sockets.SocketError]::TimedOut
            } elseif ($attempt.IsFaulted) {
                $result = Get-CorootSocketError -Exception $attempt.Exception
            } else {
                return [System.Net.Sockets.SocketError]::Success
            }
        } finally {
            $client.Dispose()
        }
    }
    $result
}
