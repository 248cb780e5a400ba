# One GET over the wire; the only place of the module that speaks HTTP.
function Send-CorootRequest {
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [uri] $Uri,

        [Parameter(Mandatory)]
        [int] $TimeoutSec
    )

    $handler = [System.Net.Http.HttpClientHandler]::new()
    # The control plane is on this machine or beside it: a proxy could only give an answer that is not the agent's.
    $handler.UseProxy = $false
    $handler.AllowAutoRedirect = $false
    $client = [System.Net.Http.HttpClient]::new($handler)
    try {
        $client.Timeout = [timespan]::FromSeconds($TimeoutSec)
        # The largest answer of the control plane, 200,000 connections, has some 40 MB.
        $client.MaxResponseContentBufferSize = 256MB
        $task = $client.GetAsync($Uri)
        # Ctrl-C takes effect between two statements, never inside one long wait.
        while ([System.Threading.Tasks.Task]::WaitAny([System.Threading.Tasks.Task[]] @($task), 100) -lt 0) { continue }
        $response = $task.GetAwaiter().GetResult()
        # By the bytes: without a charset in the header Windows PowerShell would read Latin-1.
        $bytes = $response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult()
        [pscustomobject]@{
            Status = [int] $response.StatusCode
            Text   = [System.Text.Encoding]::UTF8.GetString($bytes)
        }
    } finally {
        $client.Dispose()
    }
}
