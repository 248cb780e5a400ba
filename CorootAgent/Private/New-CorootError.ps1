# An error record with an id to test for, and what to do about it.
function New-CorootError {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object and changes nothing.')]
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [string] $Id,

        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorCategory] $Category,

        [Parameter(Mandatory)]
        [string] $Message,

        [string] $Hint = '',

        [object] $Target,

        [System.Exception] $Exception
    )

    $sentence = $Message -replace '(?<![.!?])$', '.'
    $text = if ($Hint) { "$sentence $Hint" } else { $sentence }
    $fault = New-Object -TypeName System.InvalidOperationException -ArgumentList $text, $Exception
    $record = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $fault, $Id, $Category, $Target
    $record
}
