# An error record with an id to test for. The hint is in its message: Windows PowerShell shows nothing else.
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
    # Marks an error of this module: any other one while an answer is read means that the answer is not what it should be.
    $fault.Data['CorootAgent'] = $true
    New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $fault, $Id, $Category, $Target
}
