# The query strings of a filter: one, or several where the names of containers do not fit into one URL.
function Get-CorootQueryString {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [hashtable] $Filter,

        [AllowEmptyCollection()]
        [string[]] $Container
    )

    # The control plane refuses request headers above 16 KB.
    $maxLength = 6000
    $shared = @(foreach ($name in $Filter.Keys | Sort-Object) {
            $value = $Filter[$name]
            if ($value -is [bool] -or $value -is [switch]) { if ($value) { "$name=true" } }
            else {
                foreach ($each in $value | Select-Object -Unique) {
                    "$name=$([uri]::EscapeDataString([string] $each))"
                }
            }
        })
    $part = New-Object -TypeName 'System.Collections.Generic.List[string]'
    $length = 0
    foreach ($each in $Container | Select-Object -Unique) {
        $word = "container=$([uri]::EscapeDataString($each))"
        if ($length -gt 0 -and $length + $word.Length -gt $maxLength) {
            '?' + (($part.ToArray() + $shared) -join '&')
            $part.Clear()
            $length = 0
        }
        $part.Add($word)
        $length += $word.Length + 1
    }
    $words = $part.ToArray() + $shared
    if ($words.Count -gt 0) { '?' + ($words -join '&') } else { '' }
}
