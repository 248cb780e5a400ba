# The plain names among patterns that match no object; a pattern with wildcards is never missing.
function Get-CorootMissingName {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        # Patterns of ConvertTo-CorootPattern.
        [AllowNull()]
        [AllowEmptyCollection()]
        [hashtable[]] $Pattern,

        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $InputObject,

        # Returns the names of the object in $_.
        [Parameter(Mandatory)]
        [scriptblock] $NameScript
    )

    $plain = @($Pattern | Where-Object -FilterScript { $_ -and -not $_.Wildcard } | ForEach-Object -Process { $_.Name })
    if ($plain.Count -eq 0) { return }
    $comparer = [System.StringComparer]::OrdinalIgnoreCase
    $names = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList $comparer
    foreach ($name in @($InputObject) | ForEach-Object -Process $NameScript) { $null = $names.Add([string] $name) }
    # Each name once, also when it was piped twice.
    foreach ($name in $plain) { if ($names.Add($name)) { $name } }
}
