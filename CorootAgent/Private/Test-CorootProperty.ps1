# Whether something is an object of JSON that has all of these fields.
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
    $there = @($InputObject.PSObject.Properties | ForEach-Object -Process { $_.Name })
    @($Name | Where-Object -FilterScript { $there -notcontains $_ }).Count -eq 0
}
