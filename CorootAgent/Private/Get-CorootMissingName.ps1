# The plain names among patterns that match no object; a pattern with wildcards is never missing.
function Get-CorootMissingName {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowEmptyCollection()]
        [string[]] $Pattern,

        [AllowEmptyCollection()]
        [object[]] $InputObject,

        # Returns the names of the object in $_.
        [Parameter(Mandatory)]
        [scriptblock] $NameScript
    )

    $plain = @($Pattern | Where-Object -FilterScript { $_ -and -not (Test-CorootWildcard -Pattern $_) })
    if ($plain.Count -eq 0) { return }
    $comparer = [System.StringComparer]::OrdinalIgnoreCase
    $names = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList $comparer
    foreach ($name in $InputObject | ForEach-Object -Process $NameScript) { $null = $names.Add([string] $name) }
    $plain | Where-Object -FilterScript { -not $names.Contains($_) }
}
