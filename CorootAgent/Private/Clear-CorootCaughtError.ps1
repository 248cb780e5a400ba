# Removes the records from $Error that PowerShell added for exceptions that this module caught, so that $Error has only
# the error that the cmdlet reports.
function Clear-CorootCaughtError {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSAvoidGlobalVars', '', Justification = 'A module has a variable $Error of its own.')]
    [CmdletBinding()]
    param(
        # The value of Get-CorootErrorMark before the exception.
        [AllowNull()]
        [object] $Mark
    )

    $records = $global:Error
    while ($records.Count -gt 0 -and -not [object]::ReferenceEquals($records[0], $Mark)) { $records.RemoveAt(0) }
}

# The newest record in $Error, $null when there is none.
function Get-CorootErrorMark {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSAvoidGlobalVars', '', Justification = 'A module has a variable $Error of its own.')]
    [CmdletBinding()]
    [OutputType([object])]
    param()

    if ($global:Error.Count -gt 0) { , $global:Error[0] }
}
