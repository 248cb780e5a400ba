# The ids of the containers whose id or name matches a pattern, in the order of the control plane.
function Get-CorootContainerId {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        # Containers in an answer of the control plane.
        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Container,

        # Patterns of ConvertTo-CorootPattern.
        [AllowNull()]
        [AllowEmptyCollection()]
        [hashtable[]] $Pattern
    )

    $comparer = [System.StringComparer]::OrdinalIgnoreCase
    $names = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList $comparer
    $wildcards = @(foreach ($each in $Pattern) {
            if ($each.Wildcard) { $each } else { $null = $names.Add($each.Name) }
        })
    foreach ($each in $Container) {
        $isNamed = $names.Contains($each.id) -or $names.Contains($each.name)
        # Without patterns Test-CorootPattern accepts every text.
        $isMatch = $wildcards.Count -gt 0 -and (Test-CorootPattern -Text $each.id, $each.name -Pattern $wildcards)
        if ($isNamed -or $isMatch) { $each.id }
    }
}
