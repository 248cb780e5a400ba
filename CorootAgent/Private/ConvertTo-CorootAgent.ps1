# The agent in an answer of /api/v1/status.
function ConvertTo-CorootAgent {
    [CmdletBinding()]
    [OutputType('CorootAgent.Agent')]
    param(
        [Parameter(Mandatory)]
        [pscustomobject] $Answer,

        # As Resolve-CorootAddress gives it.
        [Parameter(Mandatory)]
        [pscustomobject] $Target
    )

    $node = $Answer.host
    $passes = $Answer.passes
    $sources = [object[]] @(foreach ($source in $Answer.sources) {
            [pscustomobject]@{
                PSTypeName   = 'CorootAgent.Source'
                Kind         = [string] $source.kind
                Available    = [bool] $source.available
                LastReadTime = ConvertFrom-CorootTime -Milliseconds $source.lastReadAtMs
                Duration     = ConvertFrom-CorootDuration -Seconds $source.seconds
                Readings     = [int64] $source.readings
                Failures     = [int64] $source.failures
                Problems     = [string[]] @($source.problems)
            }
        })
    $collectors = [object[]] @(foreach ($collector in $Answer.collectors) {
            [pscustomobject]@{
                PSTypeName = 'CorootAgent.Collector'
                Name       = [string] $collector.name
                Failures   = [int64] $collector.failures
                LastError  = [string] $collector.lastError
            }
        })
    $problems = @(
        if ($node.problem) { $node.problem }
        foreach ($source in $sources) {
            if (-not $source.Available -and $source.Problems.Count -eq 0) { "$($source.Kind): unavailable" }
            foreach ($problem in $source.Problems) { "$($source.Kind): $problem" }
        }
        foreach ($collector in $collectors) {
            if ($collector.Failures -gt 0) { "collector $($collector.Name): $($collector.LastError) ($($collector.Failures) failures)" }
        }
    )
    $counters = @{}
    foreach ($counter in $Answer.counters.PSObject.Properties) { $counters[$counter.Name] = $counter.Value }

    $state = 'running'
    if ($node.problem -or @($sources | Where-Object { -not $_.Available }).Count -gt 0) { $state = 'degraded' }
    if ($passes.count -eq 0) { $state = 'starting' }

    [pscustomobject]@{
        PSTypeName       = 'CorootAgent.Agent'
        Address          = $Target.Text
        Version          = [string] $Answer.agent.version
        State            = $state
        ProcessId        = [int] $Answer.agent.pid
        StartTime        = ConvertFrom-CorootTime -Milliseconds $Answer.agent.startedAtMs
        Listen           = [string] $Answer.agent.listen
        ConsoleMode      = [bool] $Answer.agent.consoleMode
        NodeVersion      = [string] $Answer.agent.node
        HostName         = [string] $node.hostname
        HostKind         = [string] $node.kind
        KernelVersion    = [string] $node.kernelVersion
        Platform         = [string] $node.platform
        MachineId        = [string] $node.machineId
        SystemUuid       = [string] $node.systemUuid
        Elevated         = [bool] $node.elevated
        HostTime         = ConvertFrom-CorootTime -Milliseconds $node.timeMs
        HostUptime       = ConvertFrom-CorootDuration -Seconds $node.uptimeSeconds
        Tape             = if ($node.kind -eq 'tape') { [string] $node.detail.file } else { $null }
        HostDetail       = $node.detail
        StandIns         = [object[]] @(foreach ($standIn in $node.standIns) {
                [pscustomobject]@{
                    PSTypeName = 'CorootAgent.StandIn'
                    Part       = [string] $standIn.part
                    By         = [string] $standIn.by
                }
            })
        Passes           = [int64] $passes.count
        PassInterval     = ConvertFrom-CorootDuration -Seconds $passes.intervalSeconds
        LastPassTime     = ConvertFrom-CorootTime -Milliseconds $passes.lastAtMs
        LastPassDuration = ConvertFrom-CorootDuration -Seconds $passes.lastSeconds
        Series           = [int64] $passes.series
        Containers       = [int] $Answer.containers
        Services         = [int] $Answer.services
        Connections      = [int] $Answer.connections
        Problems         = [string[]] $problems
        Sources          = $sources
        Collectors       = $collectors
        Counters         = $counters
    }
}
