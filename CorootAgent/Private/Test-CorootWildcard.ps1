# Whether a text is a pattern. A bracket that is never closed belongs to a plain name.
function Test-CorootWildcard {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [AllowEmptyString()]
        [string] $Pattern
    )

    $Pattern -notmatch '\[[^\]]*$' -and [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($Pattern)
}
