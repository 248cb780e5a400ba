# The error record that a cmdlet reports: errors of this module stay as they are; any other error arose from an
# unexpected answer.
function ConvertTo-CorootErrorRecord {
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
