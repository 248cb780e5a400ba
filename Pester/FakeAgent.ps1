# A control plane with fixed answers that records its requests; dot-source this file, then use Start-FakeAgent and
# Stop-FakeAgent.

# Answers maps paths without a query to JSON; any other path gets 404, and so does JSON that begins with {"error".
# The object has Address, Answers (which may be
# changed), and the requests so far: Paths, and Queries with the decoded query of each.
function Start-FakeAgent {
    param([hashtable] $Answers)
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $paths = [System.Collections.ArrayList]::Synchronized([System.Collections.ArrayList]::new())
    $queries = [System.Collections.ArrayList]::Synchronized([System.Collections.ArrayList]::new())
    $shared = [hashtable]::Synchronized(@{} + $Answers)
    $shell = [powershell]::Create().AddScript({
            param($listener, $answers, $paths, $queries)
            while ($true) {
                # A stopped listener throws at each call: going on would fill the memory with errors.
                try { $client = $listener.AcceptTcpClient() } catch { return }
                try {
                    $stream = $client.GetStream()
                    $bytes = [byte[]]::new(65536)
                    $count = $stream.Read($bytes, 0, $bytes.Length)
                    $request = [System.Text.Encoding]::ASCII.GetString($bytes, 0, $count)
                    $path, $query = ($request -split ' ')[1] -split '\?', 2
                    $null = $queries.Add([uri]::UnescapeDataString("$query"))
                    $null = $paths.Add($path)
                    $status = if ("$($answers[$path])" -match '^(?!\{"error")') { '200 OK' } else { '404 Not Found' }
                    $body = [System.Text.Encoding]::UTF8.GetBytes("$($answers[$path])")
                    $lines = @(
                        "HTTP/1.1 $status"
                        'Content-Type: application/json'
                        "Content-Length: $($body.Length)"
                        "Connection: close`r`n`r`n"
                    )
                    $head = [System.Text.Encoding]::ASCII.GetBytes($lines -join "`r`n")
                    $stream.Write($head, 0, $head.Length)
                    $stream.Write($body, 0, $body.Length)
                }
                finally { $client.Close() }
            }
        }).AddArgument($listener).AddArgument($shared).AddArgument($paths).AddArgument($queries)
    $null = $shell.BeginInvoke()
    [pscustomobject]@{
        Address  = "127.0.0.1:$($listener.LocalEndpoint.Port)"
        Paths    = $paths
        Queries  = $queries
        Answers  = $shared
        Listener = $listener
        Shell    = $shell
    }
}

function Stop-FakeAgent {
    param($Agent)
    $Agent.Listener.Stop()
    $Agent.Shell.Dispose()
}
