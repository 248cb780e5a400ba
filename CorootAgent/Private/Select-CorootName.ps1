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
        # A bracket that does not close is no pattern, but it may be a name.
        $wildcard = $each -notmatch '\[[^\]]*$' -and [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($each)
        $found = @($InputObject | Where-Object -FilterScript {
                $candidate = $_
                @($Property | Where-Object -FilterScript { $candidate.$_ -eq $each -or ($wildcard -and $candidate.$_ -like $each) }).Count -gt 0
            })
        if ($found.Count -eq 0 -and -not $wildcard) {
            $Caller.WriteError((New-CorootError -Id 'CorootNotFound' -Category ObjectNotFound -Target $each `
                        -Message "There is no $What '$each'" -Hint 'Wildcards (* and ?) find more.'))
        }
        foreach ($object in $found) { if ($seen.Add($object)) { $object } }
    }
}
