# The items that one of some texts names, in their own order; a text without wildcards that names none is an error of the cmdlet.
function Select-CorootItem {
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [AllowNull()]
        [object[]] $Item,

        # Names with or without wildcards; empty ones name nothing.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [AllowNull()]
        [string[]] $Text,

        # The properties that are looked at.
        [Parameter(Mandatory)]
        [string[]] $Property,

        # Takes the texts as they are: those of objects from the pipeline are no patterns.
        [switch] $Literal,

        # What an item is called in the error; without it there is none.
        [string] $Kind,

        [System.Management.Automation.PSCmdlet] $Cmdlet
    )

    $patterns = @(foreach ($entry in $Text) {
            if (-not $entry) { continue }
            $wildcard = $null
            if (-not $Literal -and [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($entry)) {
                $wildcard = [System.Management.Automation.WildcardPattern]::new($entry, 'IgnoreCase, CultureInvariant')
                # A bracket that is not closed shows only at the first match.
                try { $null = $wildcard.IsMatch('') } catch [System.Management.Automation.WildcardPatternException] { $wildcard = $null }
            }
            [pscustomobject]@{ Text = $entry; Wildcard = $wildcard; Found = $false }
        })

    foreach ($candidate in $Item) {
        $hit = $false
        foreach ($pattern in $patterns) {
            foreach ($name in $Property) {
                $value = [string] $candidate.$name
                # Also the very text: an IPv6 address has brackets, which are wildcards.
                if ($value -eq $pattern.Text -or ($null -ne $pattern.Wildcard -and $pattern.Wildcard.IsMatch($value))) {
                    $pattern.Found = $true
                    $hit = $true
                }
            }
        }
        if ($hit) { $candidate }
    }

    if (-not $Kind) { return }
    foreach ($pattern in $patterns) {
        if ($pattern.Found -or $null -ne $pattern.Wildcard) { continue }
        $record = @{
            Id       = "Coroot$($Kind.Substring(0, 1).ToUpperInvariant())$($Kind.Substring(1))NotFound"
            Category = 'ObjectNotFound'
            Message  = "The agent knows no $Kind '$($pattern.Text)'."
            Target   = $pattern.Text
        }
        $Cmdlet.WriteError((New-CorootErrorRecord @record))
    }
}
