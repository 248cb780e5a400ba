# Whether a text is a pattern. A bracket that is never closed belongs to a plain name.
function Test-CorootWildcard {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [AllowEmptyString()]
        [string] $Pattern
    )

    $hasWildcards = [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($Pattern)
    $hasWildcards -and $Pattern -notmatch '\[[^\]]*$'
}
