# Objects of the answer about DNS queries: one for each kind of query, or one for each container.
function ConvertFrom-CorootDnsAnswer {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory)]
        [psobject] $Answer,

        [Parameter(Mandatory)]
        [string] $Address,

        [switch] $Summary
    )

    $observed = ConvertFrom-CorootTime -Milliseconds $Answer.observedAtMs
    foreach ($container in $Answer.containers) {
        if (-not $Summary) {
            foreach ($request in $container.requests) {
                [pscustomobject]@{
                    PSTypeName    = 'CorootAgent.DnsQuery'
                    ContainerId   = $container.containerId
                    ContainerName = $container.containerName
                    Domain        = $request.domain
                    Type          = $request.type
                    Status        = $request.status
                    Count         = [long] $request.count
                    Observed      = $observed
                    Address       = $Address
                }
            }
            continue
        }
        $last = $container.lastFailure
        $failed = $last.atMs -ne 0
        $all, $bad = 0L, 0L
        foreach ($request in $container.requests) {
            $all += $request.count
            if ($request.status -ne 'ok') { $bad += $request.count }
        }
        [pscustomobject]@{
            PSTypeName        = 'CorootAgent.DnsSummary'
            ContainerId       = $container.containerId
            ContainerName     = $container.containerName
            Queries           = $all
            FailedQueries     = $bad
            Unanswered        = [long] $container.unanswered
            TimedQueries      = [long] $container.timed
            TotalTime         = ConvertFrom-CorootSeconds -Seconds $container.seconds
            MeanTime          = ConvertFrom-CorootSeconds -Seconds $container.meanSeconds -ZeroIsUnknown
            LastFailure       = ConvertFrom-CorootTime -Milliseconds $last.atMs
            LastFailureDomain = $last.domain
            LastFailureType   = $last.type
            LastFailureStatus = $last.status
            LastFailureCode   = if ($failed) { [long] $last.code }
            Observed          = $observed
            Address           = $Address
        }
    }
}
