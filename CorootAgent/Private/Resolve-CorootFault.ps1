# The error of a command: the module's own as it is; anything else came up while an answer was read, so the answer is to blame.
function Resolve-CorootFault {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $ErrorRecord,

        [string] $Address
    )

    if ($ErrorRecord.Exception.Data.Contains('CorootAgent')) { return $ErrorRecord }
    New-CorootAnswerError -Address (Resolve-CorootAddress -Address $Address) -Reason $ErrorRecord.Exception.Message
}
