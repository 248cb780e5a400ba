# Sends one request to the control plane. A network failure or an unexpected answer becomes an error that says what to
# do.
function Invoke-CorootRequest {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        # HOST:PORT of the agent; by default $env:COROOT_LISTEN, else 127.0.0.1:10300.
        [string] $Address,

        [Parameter(Mandatory)]
        [string] $Path,

        # A property of every answer of the agent; without it another program answered.
        [Parameter(Mandatory)]
        [string] $RequiredProperty,

        [int] $TimeoutSec = 10,

        # The cmdlet that reports errors.
        [System.Management.Automation.PSCmdlet] $Caller = $PSCmdlet
    )

    $Address = Resolve-CorootAddress -Address $Address -Caller $Caller
    if (Test-CorootWindows) { Confirm-CorootPeer -Address $Address -Caller $Caller }
    $Caller.WriteVerbose((ConvertTo-CorootPrintable -Text "GET http://$Address$Path"))
    # HttpClient returns bytes. Invoke-RestMethod of Windows PowerShell 5.1 would guess the encoding.
    $handler = New-Object -TypeName System.Net.Http.HttpClientHandler
    # The agent is on this machine or was named by the user, so no proxy is used.
    $handler.UseProxy = $false
    $handler.AllowAutoRedirect = $false
    $client = New-Object -TypeName System.Net.Http.HttpClient -ArgumentList $handler
    try {
        $client.Timeout = [timespan]::FromSeconds($TimeoutSec)
        $client.MaxResponseContentBufferSize = 256MB
        $task = $client.GetAsync("http://$Address$Path")
        # Short waits, because PowerShell handles Ctrl-C only between them.
        while ([System.Threading.Tasks.Task]::WaitAny([System.Threading.Tasks.Task[]] @($task), 100) -lt 0) { continue }
        if ($task.IsCanceled) {
            $timeout = New-Object -TypeName System.TimeoutException -ArgumentList "no answer in $TimeoutSec s"
            $Caller.ThrowTerminatingError((ConvertTo-CorootNetworkError -Address $Address -Exception $timeout))
        }
        # Twice: the base of an AggregateException is the first error in it, and that error may have a cause.
        if ($task.IsFaulted) {
            $cause = $task.Exception.GetBaseException().GetBaseException()
            $Caller.ThrowTerminatingError((ConvertTo-CorootNetworkError -Address $Address -Exception $cause))
        }
        $status = [int] $task.Result.StatusCode
        $text = [System.Text.Encoding]::UTF8.GetString($task.Result.Content.ReadAsByteArrayAsync().Result)
    }
    finally {
        $client.Dispose()
    }

    $answer = ConvertFrom-CorootJson -Text $text
    $problem = if (Test-CorootProperty -InputObject $answer -Name 'error') { $answer.error }
    $isOurs = (Test-CorootProperty -InputObject $problem -Name 'code', 'message', 'hint') -and
        $problem.code -cmatch '^[A-Z_]+$'
    if ($status -ge 400 -and $isOurs) {
        $text = @{ Message = $problem.message; Hint = $problem.hint }
        $Caller.ThrowTerminatingError(
            (New-CorootError @text -Id $problem.code -Category InvalidOperation -Target $Address))
    }
    if ($status -ge 300 -or -not (Test-CorootProperty -InputObject $answer -Name $RequiredProperty)) {
        $Caller.ThrowTerminatingError((New-CorootAnswerError -Address $Address -Reason "HTTP status $status"))
    }
    Add-Member -InputObject $answer -MemberType NoteProperty -Name 'address' -Value $Address -PassThru
}

# The value of a JSON text, $null for a text that is not JSON.
function ConvertFrom-CorootJson {
    [CmdletBinding()]
    [OutputType([object])]
    param(
        [AllowEmptyString()]
        [string] $Text
    )

    $value = $null
    $mark = Get-CorootErrorMark
    try { $value = ConvertFrom-Json -InputObject $Text }
    catch { Write-Debug -Message (ConvertTo-CorootPrintable -Text "Not JSON: $($_.Exception.Message)") }
    Clear-CorootCaughtError -Mark $mark
    , $value
}
