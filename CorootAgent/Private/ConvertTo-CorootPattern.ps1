# Parses a name as a user types it, in the pattern language of -like: *, ?, [sets], and ` before a character that stands
# for itself. A bracket that opens no set stands for itself, too.
function ConvertTo-CorootPattern {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [AllowNull()]
        [AllowEmptyString()]
        [string[]] $Text,

        # The names are addresses, so that [::1] is no set.
        [switch] $Endpoint,

        # The cmdlet that reports a pattern that is not valid.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    foreach ($each in $Text) {
        $source = if ($Endpoint) { $each -replace '^\[([^\[\]]*:[^\[\]]*)\]', '`[$1`]' } else { $each }
        # Name is the name that a pattern without wildcards stands for.
        if ($source -notmatch '[*?\[`]') { @{ Name = $source; Wildcard = $null }; continue }
        $tokens = @([regex]::Matches($source, '\[(?:`.|[^`])(?:`.|[^\]`])*\]|`.|.', 'Singleline') |
                ForEach-Object -Process { $_.Value })
        $sets = @($tokens | Where-Object -FilterScript { $_.Length -gt 2 -or $_ -eq '*' -or $_ -eq '?' })
        if ($sets.Count -eq 0) {
            @{ Name = @($tokens | ForEach-Object -Process { $_[-1] }) -join ''; Wildcard = $null }
            continue
        }
        $valid = @($tokens | ForEach-Object -Process { if ($_ -eq '[' -or $_ -eq '`') { "``$_" } else { $_ } }) -join ''
        $arguments = $valid, [System.Management.Automation.WildcardOptions] 'IgnoreCase, CultureInvariant'
        $wildcard = New-Object -TypeName System.Management.Automation.WildcardPattern -ArgumentList $arguments
        if (-not (Test-CorootWildcard -Wildcard $wildcard)) {
            $reason = "'$each' is not a valid pattern. Write ``[ for a bracket."
            $Caller.ThrowTerminatingError((New-CorootBindingError -Reason $reason -Target $each))
        }
        @{ Name = $null; Wildcard = $wildcard }
    }
}

# Whether the sets of a pattern are valid, which PowerShell finds out when it first uses the pattern.
function Test-CorootWildcard {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.WildcardPattern] $Wildcard
    )

    $mark = Get-CorootErrorMark
    $isValid = $true
    try { $null = $Wildcard.IsMatch('') } catch { $isValid = $false }
    Clear-CorootCaughtError -Mark $mark
    $isValid
}

# The pattern that matches exactly this name.
function ConvertTo-CorootLiteral {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Name
    )

    # WildcardPattern.Escape of Windows PowerShell leaves the escape character as it is.
    $Name -replace '[`*?\[\]]', '`$0'
}
