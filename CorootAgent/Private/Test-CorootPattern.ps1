# Whether one of the texts matches one of the patterns, without regard to case; without patterns every text matches.
function Test-CorootPattern {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [AllowEmptyString()]
        [string[]] $Text,

        # Patterns of ConvertTo-CorootPattern.
        [AllowNull()]
        [AllowEmptyCollection()]
        [hashtable[]] $Pattern
    )

    if (-not $Pattern) { return $true }
    foreach ($each in $Pattern) {
        foreach ($name in $Text) {
            if ($each.Wildcard) { if ($each.Wildcard.IsMatch($name)) { return $true } }
            elseif ([string]::Equals($name, $each.Name, 'OrdinalIgnoreCase')) { return $true }
        }
    }
    $false
}
