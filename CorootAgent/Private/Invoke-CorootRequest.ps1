# The one function that speaks to the control plane: every fault of the network becomes an error that says what to do.
function Invoke-CorootRequest {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        # HOST:PORT of the agent; by default $env:COROOT_LISTEN, else 127.0.0.1:10300.
        [string] $Address,

        [Parameter(Mandatory)]
        [string] $Path,

        # A field that an answer of the agent has; without it another program answered.
        [Parameter(Mandatory)]
        [string] $Mark,

        [int] $TimeoutSec = 10
    )

    $Address = Resolve-CorootAddress -Address $Address
    # HttpClient exists in Windows PowerShell 5.1 and in 7, and hands out the bytes: 5.1's Invoke-RestMethod guesses the encoding.
    $handler = New-Object -TypeName System.Net.Http.HttpClientHandler
    # The agent is on this machine or named on purpose: a proxy would only get in between.
    $handler.UseProxy = $false
    $handler.AllowAutoRedirect = $false
    $client = New-Object -TypeName System.Net.Http.HttpClient -ArgumentList $handler
    try {
        $client.Timeout = [timespan]::FromSeconds($TimeoutSec)
        $client.MaxResponseContentBufferSize = 256MB
        $task = $client.GetAsync("http://$Address$Path")
        # In short waits, so that Ctrl-C is heard in between.
        while ([System.Threading.Tasks.Task]::WaitAny([System.Threading.Tasks.Task[]] @($task), 100) -lt 0) { continue }
        if ($task.IsCanceled) {
            throw (ConvertTo-CorootNetworkError -Address $Address -Exception (New-Object -TypeName System.TimeoutException -ArgumentList "no answer in $TimeoutSec s"))
        }
        # Twice: an AggregateException's base is the first error in it, not that one's own cause.
        if ($task.IsFaulted) { throw (ConvertTo-CorootNetworkError -Address $Address -Exception $task.Exception.GetBaseException().GetBaseException()) }
        $status = [int] $task.Result.StatusCode
        $text = [System.Text.Encoding]::UTF8.GetString($task.Result.Content.ReadAsByteArrayAsync().Result)
    }
    finally {
        $client.Dispose()
    }

    $answer = $null
    try { $answer = ConvertFrom-Json -InputObject $text } catch { Write-Debug -Message "Not JSON: $($_.Exception.Message)" }
    if ($status -ge 400 -and (Test-CorootProperty -InputObject $answer -Name 'error') -and (Test-CorootProperty -InputObject $answer.error -Name 'code', 'message', 'hint')) {
        $fault = $answer.error
        throw (New-CorootError -Id $fault.code -Category InvalidOperation -Message $fault.message -Hint $fault.hint -Target $Address)
    }
    if ($status -ge 300 -or -not (Test-CorootProperty -InputObject $answer -Name $Mark)) {
        throw (New-CorootAnswerError -Address $Address -Reason "HTTP status $status")
    }
    $answer
}
