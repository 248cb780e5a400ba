# Whether a text matches one of the patterns; none means everything.
function Test-CorootLike {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [AllowEmptyString()]
        [string] $Text,

        [string[]] $Pattern
    )

    -not $Pattern -or @($Pattern | Where-Object -FilterScript { $Text -like $_ -or $Text -eq $_ }).Count -gt 0
}
