# An error record with an id that scripts can test. The hint is part of the message, because Windows PowerShell shows
# only the message.
function New-CorootError {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object and changes nothing.')]
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
    $exceptionWithHint = New-Object -TypeName System.InvalidOperationException -ArgumentList $text, $Exception
    # Marks the errors of this module for ConvertTo-CorootErrorRecord.
    $exceptionWithHint.Data['CorootAgent'] = $true
    $arguments = $exceptionWithHint, $Id, $Category, $Target
    New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $arguments
}
