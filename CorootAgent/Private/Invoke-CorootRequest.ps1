# Asks the control plane and gives the answer as objects; whatever goes wrong ends the calling cmdlet with one clear error.
function Invoke-CorootRequest {
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        # Path and query, e.g. /api/v1/status.
        [Parameter(Mandatory)]
        [string] $Path,

        # Function that makes the objects: gets the answer and the address as Resolve-CorootAddress gives it.
        [Parameter(Mandatory)]
        [string] $Converter,

        [AllowEmptyString()]
        [string] $Address,

        [int] $TimeoutSec = 10,

        # The cmdlet that a person called: the error is its own.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet
    )

    try {
        $target = Resolve-CorootAddress -Address $Address
    } catch [System.ArgumentException] {
        $Cmdlet.ThrowTerminatingError((New-CorootErrorRecord -Id 'CorootAddress' -Category InvalidArgument -Message $_.Exception.Message -Target $Address))
    }

    try {
        $response = Send-CorootRequest -Uri ([uri]::new($target.Uri, $Path)) -TimeoutSec $TimeoutSec
    } catch {
        $Cmdlet.ThrowTerminatingError((Resolve-CorootFailure -Target $target -Exception $_.Exception -TimeoutSec $TimeoutSec))
    }

    $answer = ConvertFrom-CorootJson -Text $response.Text
    if ($response.Status -ne 200) {
        $Cmdlet.ThrowTerminatingError((ConvertTo-CorootApiError -Target $target -Status $response.Status -Answer $answer))
    }
    if ($null -eq $answer) {
        $Cmdlet.ThrowTerminatingError((New-CorootAnswerError -Target $target -Reason 'it is not a JSON object'))
    }

    try {
        # Strict mode makes a missing property an error here.
        & $Converter -Answer $answer -Target $target
    } catch {
        $Cmdlet.ThrowTerminatingError((New-CorootAnswerError -Target $target -Reason $_.Exception.Message.TrimEnd('.') -Cause $_.Exception))
    }
}
