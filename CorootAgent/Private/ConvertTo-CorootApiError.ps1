# The error that the control plane answered with, under its own code.
function ConvertTo-CorootApiError {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        # As Resolve-CorootAddress gives it.
        [Parameter(Mandatory)]
        [pscustomobject] $Target,

        [Parameter(Mandatory)]
        [int] $Status,

        # The JSON object of the answer, or nothing.
        [AllowNull()]
        [object] $Answer
    )

    $categories = @{
        BAD_REQUEST = 'InvalidArgument'
        HOST_HEADER = 'PermissionDenied'
        NOT_FOUND   = 'ObjectNotFound'
        NOT_READY   = 'ResourceUnavailable'
    }
    $found = if ($null -ne $Answer) { $Answer.PSObject.Properties['error'] }
    $fields = if ($found -and $null -ne $found.Value) { @($found.Value.PSObject.Properties | ForEach-Object { $_.Name }) } else { @() }
    if ('code' -notin $fields -or 'message' -notin $fields) {
        return New-CorootAnswerError -Target $Target -Reason "HTTP status $Status"
    }

    $code = [string] $found.Value.code
    $category = if ($categories.ContainsKey($code)) { $categories[$code] } else { 'InvalidResult' }
    $hint = if ('hint' -in $fields) { [string] $found.Value.hint } else { '' }
    $message = "The agent at $($Target.Text) answered: $($found.Value.message)"
    New-CorootErrorRecord -Id $code -Category $category -Message $message -Hint $hint -Target $Target.Text
}
