function Get-CorootContainer {
    <#
    .SYNOPSIS
    Gets the containers that CorootAgent found on the host: Windows services and Docker containers.

    .DESCRIPTION
    Each container comes with its processes, restarts, CPU time, memory, threads, handles, disk requests, the path of its program,
    the addresses it listens on and the number of its outbound connections. ListenerDetails tells of each address whether it is reported
    (one on a port of ephemeral-port-range is in no metric) and by which proxy it is published. HasHiddenJob: its process is in a job
    object without a name, whose limits cannot be read.

    .PARAMETER Name
    Names or ids, with wildcards. A plain name that no container has is an error, a pattern that nothing matches is not.

    .PARAMETER State
    Only containers in one of these states: running, young (not reported yet), shared (several services in one process), restarting
    (stopped with an error, and it came back before within the last minutes), failed (stopped with an error), stopped (in order),
    gone (no longer listed).

    .PARAMETER Address
    HOST:PORT of the agent. By default the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootContainer

    Lists all containers.

    .EXAMPLE
    Get-CorootContainer -Name 'MSSQL*', 'redis*'

    Lists the containers whose names match.

    .EXAMPLE
    Get-CorootContainer -State failed, restarting | Select-Object -Property Name, Crashes, LastExitCode, LastExitMeaning

    Shows what is down with an error, and what it ended with.

    .EXAMPLE
    Get-CorootContainer -State running | Sort-Object -Property MemoryBytes -Descending | Select-Object -First 5

    Shows the five that use the most memory.

    .OUTPUTS
    CorootAgent.Container

    .LINK
    Get-CorootConnection
    .LINK
    Get-CorootProcess
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Container')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [SupportsWildcards()]
        [string[]] $Name,

        [ValidateSet('running', 'young', 'shared', 'restarting', 'failed', 'stopped', 'gone')]
        [string[]] $State,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        try {
            $answer = Invoke-CorootRequest -Address $Address -Path '/api/v1/containers' -Mark 'containers' -TimeoutSec $TimeoutSec
            $observed = ConvertFrom-CorootTime -Milliseconds $answer.observedAtMs
            $containers = @(foreach ($container in $answer.containers) {
                    $started = ConvertFrom-CorootTime -Milliseconds $container.startedAtMs
                    [pscustomobject]@{
                        PSTypeName        = 'CorootAgent.Container'
                        Id                = $container.id
                        Name              = $container.name
                        Kind              = $container.kind
                        DisplayName       = $container.displayName
                        Image             = $container.image
                        State             = $container.state
                        ProcessId         = [int] $container.pid
                        Processes         = [int[]] @($container.pids)
                        ApplicationTypes  = [string[]] @($container.applicationTypes)
                        Started           = $started
                        Uptime            = if ($started -and $container.pid -ne 0) { $observed - $started }
                        Restarts          = [long] $container.restarts
                        Crashes           = [long] $container.restartsByCause.crash
                        PlannedRestarts   = [long] $container.restartsByCause.planned
                        UnknownRestarts   = [long] $container.restartsByCause.unknown
                        LastExit          = ConvertFrom-CorootTime -Milliseconds $container.lastExit.atMs
                        LastExitCode      = if ($container.lastExit.atMs -ne 0) { [long] $container.lastExit.code }
                        LastExitMeaning   = $container.lastExit.meaning
                        CpuTime           = ConvertFrom-CorootSeconds -Seconds $container.cpuSeconds
                        MemoryBytes       = [long] $container.rssBytes
                        MemorySource      = $container.rssSource
                        MemoryLimitBytes  = if ($container.limits.memoryBytes -ne 0) { [long] $container.limits.memoryBytes }
                        CpuLimitCores     = if ($container.limits.cpuCores -ne 0) { [double] $container.limits.cpuCores }
                        Jobs              = [string[]] @($container.limits.jobs)
                        HasHiddenJob      = [bool] $container.limits.hidden
                        Threads           = [int] $container.threads
                        Handles           = [int] $container.handles
                        HardFaults        = [long] $container.pageFaults.hard
                        SoftFaults        = [long] $container.pageFaults.soft
                        Reads             = [long] $container.io.reads
                        Writes            = [long] $container.io.writes
                        ReadBytes         = [long] $container.io.readBytes
                        WrittenBytes      = [long] $container.io.writtenBytes
                        IoSource          = $container.io.source
                        Disk              = $container.io.device
                        ImagePath         = $container.imagePath
                        Listeners         = [string[]] @($container.listeners | ForEach-Object -Process { $_.address })
                        ListenerDetails   = @($container.listeners | ForEach-Object -Process { [pscustomobject]@{ Listener = $_.address; Proxy = $_.proxy; Reported = [bool] $_.reported } })
                        ActiveConnections = [int] $container.activeConnections
                        Observed          = $observed
                        Address           = Resolve-CorootAddress -Address $Address
                    }
                })
            if ($State) { $containers = @($containers | Where-Object -FilterScript { $State -contains $_.State }) }
        }
        catch {
            $PSCmdlet.ThrowTerminatingError((Resolve-CorootFault -ErrorRecord $_ -Address $Address))
        }
    }

    process {
        Select-CorootName -InputObject $containers -Pattern $Name -Property 'Name', 'Id' -What 'container' -Caller $PSCmdlet
    }
}
