# One row for each container in an answer about DNS requests, with the sums of its requests.
function Get-CorootDnsSum {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory)]
        [psobject] $Answer
    )

    foreach ($container in $Answer.containers) {
        $total, $failed = 0L, 0L
        foreach ($request in $container.requests) {
            $total += $request.count
            if ($request.status -ne 'ok') { $failed += $request.count }
        }
        [pscustomobject]@{ container = $container; total = $total; failed = $failed }
    }
}
