# Filters by names with wildcards, as Get-Service does: a plain name that nothing has is an error, a pattern is not.
function Select-CorootName {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [object[]] $InputObject,

        # Wildcards; none means everything.
        [string[]] $Pattern,

        # Properties that may match.
        [Parameter(Mandatory)]
        [string[]] $Property,

        # Word for the error, e.g. 'container'.
        [Parameter(Mandatory)]
        [string] $What,

        # The cmdlet that reports the error.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    if (-not $Pattern) { return $InputObject }
    $seen = New-Object -TypeName 'System.Collections.Generic.HashSet[object]'
    foreach ($each in $Pattern) {
        $found = @($InputObject | Where-Object -FilterScript {
                $candidate = $_
                @($Property | Where-Object -FilterScript { $candidate.$_ -like $each -or $candidate.$_ -eq $each }).Count -gt 0
            })
        if ($found.Count -eq 0 -and -not [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($each)) {
            $Caller.WriteError((New-CorootError -Id 'CorootNotFound' -Category ObjectNotFound -Target $each `
                        -Message "There is no $What '$each'." -Hint "Wildcards such as '$each*' find more."))
        }
        foreach ($object in $found) { if ($seen.Add($object)) { $object } }
    }
}
