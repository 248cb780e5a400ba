function Get-CorootContainer {
    <#
    .SYNOPSIS
    Gets the containers of the host: Windows services and Docker containers.

    .DESCRIPTION
    Each container has its processes, restarts, CPU time, memory, threads, handles, disk requests, the path of its
    program, the addresses it listens on and the number of its outbound connections. ListenerDetails has the proxy that
    publishes each address, and InMetrics, which is false for a port of ephemeral-port-range. HasUnnamedJob is true when
    the process is in a job object without a name: the limits of such a job cannot be read.

    A Docker container also has its Isolation (process or hyperv), Health, Networks, PublishedPorts, PolicyRestarts
    (restarts by Docker's restart policy) and StatsAge, which is how long ago Docker reported CPU time and memory. These
    are empty for a service.

    .PARAMETER Name
    Names or ids, with wildcards, or objects that name containers. A plain name that no container has is an error, a
    pattern that nothing matches is not.

    .PARAMETER State
    Only containers in one of these states: running, pending (not reported yet), shared (several services in one
    process), restarting (stopped with an error, and restarted before within the last minutes), failed (stopped with an
    error), stopped (without an error), gone (no longer listed).

    .PARAMETER Address
    HOST:PORT of the agent. By default that of the piped object, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

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

    Shows the containers that are down with an error, with their exit codes.

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
        [Parameter(Position = 0, ValueFromPipeline)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Name,

        [ValidateNotNullOrEmpty()]
        [ValidateSet('running', 'pending', 'shared', 'restarting', 'failed', 'stopped', 'gone')]
        [string[]] $State,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $selection = [ordered]@{}
        $source = @{ Kind = 'container'; Address = $Address; Caller = $PSCmdlet }
        $source.Typed = $PSBoundParameters.ContainsKey('Name')
    }

    process {
        Add-CorootInput @source -Selection $selection -InputObject $Name
    }

    end {
        foreach ($agent in $selection.Keys) {
            $query = @{ Name = 'Container'; Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            $names = @{ Pattern = $selection[$agent].Patterns; NameScript = { $_.Name; $_.Id }; Kind = 'container' }
            Select-CorootObject @names -InputObject @(Invoke-CorootQuery @query) -Caller $PSCmdlet |
                Where-Object -FilterScript { -not $State -or $State -contains $_.State }
        }
    }
}
