# The one function that speaks to the control plane: every error of the network becomes one that says what to do.
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
    $response = $null
    try {
        # HttpWebRequest exists in Windows PowerShell 5.1 and in 7, and hands out the bytes: 5.1's Invoke-RestMethod guesses the encoding.
        $request = [System.Net.WebRequest]::CreateHttp("http://$Address$Path")
        $request.Timeout = $TimeoutSec * 1000
        $request.ReadWriteTimeout = $TimeoutSec * 1000
        # The agent is on this machine or named on purpose: a proxy would only get in between.
        $request.Proxy = $null
        $request.AllowAutoRedirect = $false
        try {
            $response = $request.GetResponse()
        }
        catch [System.Net.WebException] {
            # A status of 400 or above comes with an answer, too.
            $response = $_.Exception.Response
            if ($null -eq $response) { throw }
        }
        $status = [int] $response.StatusCode
        $reader = New-Object -TypeName System.IO.StreamReader -ArgumentList $response.GetResponseStream(), ([System.Text.Encoding]::UTF8)
        $text = $reader.ReadToEnd()
    }
    catch {
        throw (ConvertTo-CorootNetworkError -Exception $_.Exception -Address $Address)
    }
    finally {
        if ($null -ne $response) { $response.Close() }
    }

    $answer = $null
    try { $answer = $text | ConvertFrom-Json } catch { Write-Debug -Message "Not JSON: $($_.Exception.Message)" }
    $names = @()
    if ($answer -is [psobject]) { $names = @($answer.PSObject.Properties.Name) }
    if ($status -ge 400 -and $names -contains 'error') {
        $fault = $answer.error
        throw (New-CorootError -Id $fault.code -Category InvalidOperation -Message $fault.message -Hint $fault.hint -Target $Address)
    }
    if ($status -ge 300 -or $names -notcontains $Mark) {
        throw (New-CorootError -Id 'CorootAgentAnswer' -Category InvalidResult -Target $Address `
                -Message "Something else than CorootAgent answers on $Address (HTTP status $status)." `
                -Hint 'Another program may have the port; name the address of the agent with -Address HOST:PORT.')
    }
    $answer
}
