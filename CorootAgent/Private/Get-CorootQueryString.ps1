# The query string of a filter, and the parts of a selection that fit into one URL each.
function Get-CorootQueryString {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        # Values of query parameters; those that are empty are not sent.
        [hashtable] $Filter,

        # Patterns of names or ids of containers.
        [AllowNull()]
        [AllowEmptyCollection()]
        [string[]] $Container
    )

    $words = @(
        foreach ($each in $Container) { ConvertTo-CorootQueryWord -Name 'container' -Value $each }
        foreach ($name in $Filter.Keys | Sort-Object) {
            $value = $Filter[$name]
            if ($value -is [bool] -or $value -is [switch]) { if ($value) { "$name=true" } }
            else {
                foreach ($each in $value | Select-Object -Unique) {
                    ConvertTo-CorootQueryWord -Name $name -Value $each
                }
            }
        }
    )
    if ($words.Count -gt 0) { '?' + ($words -join '&') } else { '' }
}

# Divides patterns of containers into lists that fit into one URL each; without patterns there is one empty list.
function Split-CorootContainer {
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [AllowNull()]
        [AllowEmptyCollection()]
        [string[]] $Container
    )

    # The control plane refuses request headers above 16 KB.
    $maxLength = 6000
    $part = New-Object -TypeName 'System.Collections.Generic.List[string]'
    $length = 0
    foreach ($each in $Container | Select-Object -Unique) {
        $word = ConvertTo-CorootQueryWord -Name 'container' -Value $each
        if ($length -gt 0 -and $length + $word.Length -gt $maxLength) {
            , $part.ToArray()
            $part.Clear()
            $length = 0
        }
        $part.Add($each)
        $length += $word.Length + 1
    }
    , $part.ToArray()
}

function ConvertTo-CorootQueryWord {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [string] $Name,

        [string] $Value
    )

    "$Name=$([uri]::EscapeDataString($Value))"
}
