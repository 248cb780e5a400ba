# One row for each request in an answer about DNS requests, with its container.
function Get-CorootDnsRow {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory)]
        [psobject] $Answer
    )

    foreach ($container in $Answer.containers) {
        foreach ($request in $container.requests) { [pscustomobject]@{ container = $container; request = $request } }
    }
}
