# Get-CorootConnection: who is connected to whom.
function Get-CorootConnection {
    <#
    .SYNOPSIS
        Lists the outbound connections of the containers, by destination.
    .DESCRIPTION
        Asks a running CorootAgent for the destinations of its containers, each with the number of connections that are established
        at the moment. ActualDestination is where the connection really goes when something redirects it.

        A container named without wildcards that the agent does not know is an error that does not end the pipeline, as with
        Get-Service; a container without connections, and a pattern that matches nothing, give nothing.
    .PARAMETER Container
        Names or ids of containers, with wildcards. Of objects from the pipeline, such as those of Get-CorootContainer and
        Get-CorootService, the property Id or ContainerId is taken as it is.
    .PARAMETER Destination
        Only connections to one of these destinations or actual destinations (IP:PORT), with wildcards. An IPv6 destination such as
        [::1]:5432 is also found by its very text, although brackets are wildcards.
    .PARAMETER Address
        HOST:PORT of the agent. By default the environment variable COROOT_LISTEN, or 127.0.0.1:10300. Objects of this module
        from the pipeline bring the address that they came from.
    .PARAMETER TimeoutSec
        Seconds to wait for the whole answer, 10 by default.
    .EXAMPLE
        Get-CorootConnection

        Lists all connections.
    .EXAMPLE
        Get-CorootConnection orders-api, 'stock-*'

        Lists where orders-api and the containers whose name begins with "stock-" are connected to.
    .EXAMPLE
        Get-CorootConnection -Destination '*:5432' | Group-Object -Property Container

        Counts by container who is connected to a PostgreSQL server.
    .EXAMPLE
        Get-CorootContainer -State running | Get-CorootConnection | Measure-Object -Property Active -Sum

        Counts the established connections of the running containers.
    .INPUTS
        System.String
    .OUTPUTS
        CorootAgent.Connection
    .LINK
        Get-CorootContainer
    .LINK
        Get-CorootService
    .LINK
        Get-CorootAgent
    .LINK
        about_CorootAgent
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Connection')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('Id', 'ContainerId')]
        [SupportsWildcards()]
        [AllowEmptyString()]
        [string[]] $Container,

        [Parameter(Position = 1)]
        [SupportsWildcards()]
        [string[]] $Destination,

        [Parameter(ValueFromPipelineByPropertyName)]
        [Alias('AgentAddress')]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $typed = $PSBoundParameters.ContainsKey('Container')
        $answers = @{}
    }

    process {
        $request = @{ Address = $Address; TimeoutSec = $TimeoutSec; Cmdlet = $PSCmdlet }
        if (-not $answers.ContainsKey($Address)) {
            # The most that the control plane gives: a filter on a list that was cut off would hide what is there.
            $answers[$Address] = @(Invoke-CorootRequest @request -Path '/api/v1/connections?limit=200000' -Converter 'ConvertTo-CorootConnection')
        }
        $found = $answers[$Address]
        if ($PSBoundParameters.ContainsKey('Container')) {
            $literal = -not $typed -and $_ -isnot [string]
            $found = @(Select-CorootItem -Item $found -Text $Container -Property Container, ContainerId -Literal:$literal)
            # A name without connections may still be that of a container; an object from the pipeline says that there is one.
            $names = @($found | ForEach-Object { $_.Container; $_.ContainerId })
            $unknown = @($Container | Where-Object { $_ -and $_ -notin $names })
            if (-not $literal -and $unknown.Count -gt 0) {
                $containers = Invoke-CorootRequest @request -Path '/api/v1/containers' -Converter 'ConvertTo-CorootContainer'
                $null = Select-CorootItem -Item $containers -Text $unknown -Property Name, Id -Kind container -Cmdlet $PSCmdlet
            }
        }
        if ($Destination) { $found = Select-CorootItem -Item $found -Text $Destination -Property Destination, ActualDestination }
        $found
    }
}
