function Get-CorootServiceGroup {
    <#
    .SYNOPSIS
    Gets the processes that several Windows services share, with the sockets of each service.

    .DESCRIPTION
    CPU and memory belong to the process as a whole: they cannot be divided among its services. Services has each
    service with its listeners and connections. UnattributedListeners and UnattributedConnections have the sockets
    without a known service. SocketsByService is false when Windows does not report the service of a socket;
    Get-CorootAgent has the reason.

    .PARAMETER Name
    Names of svchost groups or of services, with wildcards. A plain name that no shared process has is an error.

    .PARAMETER Address
    HOST:PORT of the agent. By default that of the piped object, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootServiceGroup

    Lists the shared processes with their services.

    .EXAMPLE
    (Get-CorootServiceGroup -Name netsvcs).Services | Format-Table

    Shows the services of one group with their sockets.

    .OUTPUTS
    CorootAgent.ServiceGroup

    .LINK
    Get-CorootService
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.ServiceGroup')]
    param(
        [Parameter(Position = 0, ValueFromPipeline)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Name,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $selection = [ordered]@{}
        $source = @{ Kind = 'service group'; Address = $Address; Caller = $PSCmdlet }
        $source.Typed = $PSBoundParameters.ContainsKey('Name')
    }

    process {
        Add-CorootInput @source -Selection $selection -InputObject $Name
    }

    end {
        foreach ($agent in $selection.Keys) {
            $query = @{ Name = 'ServiceGroup'; Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            $names = @{ Pattern = $selection[$agent].Patterns; Kind = 'group or service in a shared process' }
            $names.NameScript = { $_.Group; $_.Services | ForEach-Object -Process { $_.Name } }
            Select-CorootObject @names -InputObject @(Invoke-CorootQuery @query) -Caller $PSCmdlet
        }
    }
}
