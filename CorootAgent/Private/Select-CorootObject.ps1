# Selects objects by names with wildcards, as Get-Service does: a plain name that no object has is an error, a pattern
# without a match is not.
function Select-CorootObject {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [AllowEmptyCollection()]
        [object[]] $InputObject,

        # Names with wildcards; none means all objects.
        [AllowNull()]
        [AllowEmptyCollection()]
        [string[]] $Pattern,

        # Returns the names of the object in $_.
        [Parameter(Mandatory)]
        [scriptblock] $NameScript,

        # What the error calls an object, e.g. 'container'.
        [Parameter(Mandatory)]
        [string] $Kind,

        # The cmdlet that reports the error.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    if (-not $Pattern) { return $InputObject }
    $comparer = [System.StringComparer]::OrdinalIgnoreCase
    $byName = New-Object -TypeName 'System.Collections.Generic.Dictionary[string,object]' -ArgumentList $comparer
    foreach ($object in $InputObject) {
        foreach ($name in $object | ForEach-Object -Process $NameScript) {
            if (-not $name) { continue }
            if (-not $byName.ContainsKey($name)) {
                $byName[$name] = New-Object -TypeName 'System.Collections.Generic.List[object]'
            }
            $byName[$name].Add($object)
        }
    }
    $selected = New-Object -TypeName 'System.Collections.Generic.HashSet[object]'
    $missing = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList $comparer
    foreach ($each in ConvertTo-CorootPattern -Text $Pattern -Caller $Caller) {
        $names = if ($each.Wildcard) { @($byName.Keys | Where-Object -FilterScript { $each.Wildcard.IsMatch($_) }) }
        elseif ($byName.ContainsKey($each.Name)) { @($each.Name) }
        elseif ($missing.Add($each.Name)) { Write-CorootNotFound -Kind $Kind -Name $each.Name -Caller $Caller }
        foreach ($name in $names) {
            foreach ($object in $byName[$name]) { if ($selected.Add($object)) { $object } }
        }
    }
}
