# The error for a value that a parameter does not accept, with the ids that PowerShell itself uses.
function New-CorootBindingError {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object and changes nothing.')]
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [string] $Reason,

        [AllowNull()]
        [object] $Target,

        # The object has no property that the parameter could take.
        [switch] $NotBound
    )

    $id, $category = if ($NotBound) { 'InputObjectNotBound', 'InvalidArgument' }
    else { 'ParameterArgumentValidationError', 'InvalidData' }
    $text = ConvertTo-CorootPrintable -Text $Reason
    $exception = New-Object -TypeName System.Management.Automation.ParameterBindingException -ArgumentList $text
    $arguments = $exception, $id, $category, $Target
    $record = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $arguments
    $record.CategoryInfo.TargetName = ConvertTo-CorootPrintable -Text "$Target"
    $record
}
