# Reports a plain name without a match.
function Write-CorootNotFound {
    [CmdletBinding()]
    param(
        # What the error calls it, e.g. 'container'.
        [Parameter(Mandatory)]
        [string] $Kind,

        [Parameter(Mandatory)]
        [string] $Name,

        [string] $Hint = 'Names may have wildcards (* and ?).',

        # The cmdlet that reports the error.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    $Caller.WriteError((New-CorootError -Id 'CorootNotFound' -Category ObjectNotFound -Target $Name `
                -Message "There is no $Kind '$Name'" -Hint $Hint))
}
