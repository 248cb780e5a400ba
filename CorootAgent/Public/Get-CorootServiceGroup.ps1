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
    HOST:PORT of the agent. By default the variable COROOT_LISTEN, else 127.0.0.1:10300.

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
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [SupportsWildcards()]
        [string[]] $Name,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $groups = @(Invoke-CorootQuery -Name 'ServiceGroup' -Address $Address -TimeoutSec $TimeoutSec -Caller $PSCmdlet)
    }

    process {
        $names = { $_.Group; $_.Services | ForEach-Object -Process { $_.Name } }
        Select-CorootObject -InputObject $groups -Pattern $Name -Caller $PSCmdlet `
            -NameScript $names -Kind 'group or service in a shared process'
    }
}
