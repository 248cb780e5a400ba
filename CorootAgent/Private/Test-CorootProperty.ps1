# Whether a value is a JSON object that has all of these properties.
function Test-CorootProperty {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [AllowNull()]
        [object] $InputObject,

        [Parameter(Mandatory)]
        [string[]] $Name
    )

    if ($InputObject -isnot [System.Management.Automation.PSCustomObject]) { return $false }
    $existing = @($InputObject.PSObject.Properties | ForEach-Object -Process { $_.Name })
    @($Name | Where-Object -FilterScript { $existing -notcontains $_ }).Count -eq 0
}
