function Get-CorootAgent {
    <#
    .SYNOPSIS
    Gets the state of the CorootAgent: what it looks at, what it found, and what it cannot read.

    .DESCRIPTION
    Asks the control plane of a running agent for its version, its host, its passes and its sources. State is starting, running or
    degraded; Problems lists every part of the host that cannot be read, with the reason, and Missing adds the right that would give it
    and what is lost without it. ConnectsBy tells whether connects are known by events or by tables, Events how the event session does.

    .PARAMETER Address
    HOST:PORT of the agent. By default the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootAgent

    Shows the agent of this machine.

    .EXAMPLE
    if ((Get-CorootAgent).Problems) { Write-Warning 'Something cannot be read.' }

    Tests in a script whether the agent sees everything.

    .EXAMPLE
    (Get-CorootAgent).Sources | Format-Table

    Shows each source with its readings and failures.

    .EXAMPLE
    (Get-CorootAgent).Missing | Format-List

    Shows which rights would let the agent see more.

    .OUTPUTS
    CorootAgent.Agent

    .LINK
    Get-CorootContainer
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Agent')]
    param(
        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    try {
        $status = Invoke-CorootRequest -Address $Address -Path '/api/v1/status' -Mark 'agent' -TimeoutSec $TimeoutSec
        $sources = foreach ($source in $status.sources) {
            [pscustomobject]@{
                PSTypeName = 'CorootAgent.Source'
                Kind       = $source.kind
                Available  = $source.available
                LastRead   = ConvertFrom-CorootTime -Milliseconds $source.lastReadAtMs
                Duration   = ConvertFrom-CorootSeconds -Seconds $source.seconds
                Readings   = [long] $source.readings
                Failures   = [long] $source.failures
                Problems   = [string[]] @($source.problems)
            }
        }
        $problems = @(@($status.host.problem) + @($status.sources | ForEach-Object -Process { $_.problems }) | Where-Object -FilterScript { $_ })
        $problems += @($status.collectors | Where-Object -FilterScript { $_.failures -gt 0 } | ForEach-Object -Process { "collector $($_.name): $($_.lastError)" })
        [pscustomobject]@{
            PSTypeName    = 'CorootAgent.Agent'
            State         = if ($status.passes.count -eq 0) { 'starting' } elseif ($problems.Count -gt 0) { 'degraded' } else { 'running' }
            Version       = $status.agent.version
            ProcessId     = [int] $status.agent.pid
            Started       = ConvertFrom-CorootTime -Milliseconds $status.agent.startedAtMs
            Listen        = $status.agent.listen
            NodeVersion   = $status.agent.node
            ConsoleMode   = [bool] $status.agent.consoleMode
            HostName      = $status.host.hostname
            HostKind      = $status.host.kind
            System        = $status.host.kernelVersion
            Platform      = $status.host.platform
            MachineId     = $status.host.machineId
            SystemUuid    = $status.host.systemUuid
            HostTime      = ConvertFrom-CorootTime -Milliseconds $status.host.timeMs
            Uptime        = ConvertFrom-CorootSeconds -Seconds $status.host.uptimeSeconds
            Elevated      = $status.host.elevated
            Detail        = $status.host.detail
            StandIns      = @($status.host.standIns)
            Passes        = [long] $status.passes.count
            LastPass      = ConvertFrom-CorootTime -Milliseconds $status.passes.lastAtMs
            PassDuration  = ConvertFrom-CorootSeconds -Seconds $status.passes.lastSeconds
            Interval      = ConvertFrom-CorootSeconds -Seconds $status.passes.intervalSeconds
            Series        = [long] $status.passes.series
            Containers    = [int] $status.containers
            Services      = [int] $status.services
            Connections   = [int] $status.connections
            ConnectsBy    = $status.connects.by
            ConnectsWhy   = $status.connects.reason
            Events        = [pscustomobject]@{
                PSTypeName          = 'CorootAgent.EventSession'
                State               = $status.events.state
                Reason              = $status.events.reason
                Providers           = [string[]] @($status.events.providers)
                Restarts            = [long] $status.events.restarts
                Events              = [long] $status.events.events
                EventsLost          = [long] $status.events.eventsLost
                BuffersLost         = [long] $status.events.buffersLost
                RealTimeBuffersLost = [long] $status.events.realTimeBuffersLost
                Dropped             = $status.events.dropped
            }
            Sources       = @($sources)
            Missing       = @($status.missing | ForEach-Object -Process { [pscustomobject]@{ PSTypeName = 'CorootAgent.Missing'; Part = $_.part; Reason = $_.reason; Right = $_.right; Lost = $_.lost } })
            Collectors    = @($status.collectors | ForEach-Object -Process { [pscustomobject]@{ Name = $_.name; Failures = [long] $_.failures; LastError = $_.lastError } })
            Problems      = [string[]] $problems
            Counters      = $status.counters
        }
    }
    catch {
        $PSCmdlet.ThrowTerminatingError((Resolve-CorootFault -ErrorRecord $_ -Address $Address))
    }
}
