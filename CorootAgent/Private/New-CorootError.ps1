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
    # Names and reasons come from the host or from what answered.
    $text = ConvertTo-CorootPrintable -Text $(if ($Hint) { "$sentence $Hint" } else { $sentence })
    $exceptionWithHint = New-Object -TypeName System.InvalidOperationException -ArgumentList $text, $Exception
    $arguments = $exceptionWithHint, $Id, $Category, $Target
    $record = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $arguments
    $record.CategoryInfo.TargetName = ConvertTo-CorootPrintable -Text "$Target"
    $record
}
