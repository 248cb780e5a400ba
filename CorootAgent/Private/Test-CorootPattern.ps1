# Whether a text matches one of the patterns; without patterns every text matches.
function Test-CorootPattern {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [AllowEmptyString()]
        [string] $Text,

        [string[]] $Pattern
    )

    if (-not $Pattern) { return $true }
    foreach ($each in $Pattern) {
        if ($Text -eq $each -or ((Test-CorootWildcard -Pattern $each) -and $Text -like $each)) { return $true }
    }
    $false
}
