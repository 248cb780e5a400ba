function Get-CorootConnection {
    <#
    .SYNOPSIS
    Gets the outbound connections of the containers, by destination.

    .DESCRIPTION
    Each object is one destination of one container. Active counts the established connections at the last scan. The
    other counts begin when the agent first saw the destination: successful and failed connects, failures by reason,
    bytes, retransmitted segments, resets. InferredConnects are the successful connects that no event reported; they
    were found in the TCP tables, and the table marks them with ~. MeanConnectTime is the mean duration of a handshake,
    RoundTripTime the round-trip time of segments. Both and LastFailure are empty while there is no value. Format-Table
    -View Wide shows more columns; with -Failed the table shows the reasons.

    .PARAMETER Container
    Names or ids of containers, with wildcards, or objects that name containers, which can be piped in. A plain name
    that no container has is an error; a container without connections gives nothing.

    .PARAMETER Destination
    Only destinations that match, with wildcards, e.g. '10.*:443'. DestinationName, the name from the DNS, may match,
    too.

    .PARAMETER Failed
    Only destinations with failed connects. The table shows the reasons and the time of the last failure.

    .PARAMETER Limit
    The largest number of destinations to return. A warning says when there are more.

    .PARAMETER Address
    HOST:PORT of the agent. By default that of the piped object, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootConnection -Container orders-api

    Lists the destinations of orders-api.

    .EXAMPLE
    Get-CorootConnection -Destination '*:1433'

    Lists the containers that are connected to a SQL Server.

    .EXAMPLE
    Get-CorootContainer -Name 'stock-*' | Get-CorootConnection

    Lists the connections of some containers.

    .EXAMPLE
    Get-CorootConnection -Failed | Sort-Object -Property LastFailure -Descending

    Lists the destinations that cannot be reached, the latest failure first.

    .EXAMPLE
    Get-CorootConnection -Failed | Where-Object -FilterScript { $_.Failures['refused'] -gt 10 }

    Lists the destinations that refused more than ten connects.

    .EXAMPLE
    Get-CorootConnection -Container orders-api | Format-Table -View Wide

    Shows names, times, bytes and retransmitted segments, too.

    .OUTPUTS
    CorootAgent.Connection

    .LINK
    Get-CorootContainer
    .LINK
    Get-CorootDnsRequest
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Connection')]
    param(
        [Parameter(Position = 0, ValueFromPipeline)]
        [Alias('Id', 'Name', 'ContainerId')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Container,

        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Destination,

        [switch] $Failed,

        [ValidateRange(1, 200000)]
        [int] $Limit = 10000,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $selection = [ordered]@{}
        $source = @{ Kind = 'container'; Address = $Address; Caller = $PSCmdlet }
        $source.Typed = $PSBoundParameters.ContainsKey('Container')
        $destinations = @(ConvertTo-CorootPattern -Text $Destination -Endpoint -Caller $PSCmdlet)
    }

    process {
        Add-CorootInput @source -Selection $selection -InputObject $Container
    }

    end {
        foreach ($agent in $selection.Keys) {
            $query = @{ Name = 'Connection'; Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            $filter = @{ destination = $Destination; failed = $Failed; limit = $Limit }
            $connections = @(Invoke-CorootQuery @query -Container $selection[$agent].Patterns -Filter $filter)
            $names = { $_.Destination; $_.ActualDestination; $_.DestinationName }
            $missing = Get-CorootMissingName -Pattern $destinations -InputObject $connections -NameScript $names
            foreach ($name in $missing) {
                # A destination of another container, or one without failures, is not missing.
                $exact = @{ destination = ConvertTo-CorootLiteral -Name $name; limit = 1 }
                $found = @(Invoke-CorootQuery @query -Filter $exact -NoWarning)
                if ($found.Count -eq 0) { Write-CorootNotFound -Kind 'destination' -Name $name -Caller $PSCmdlet }
            }
            foreach ($connection in $connections) {
                # The first type name selects the table.
                if ($Failed) { $connection.PSTypeNames.Insert(0, 'CorootAgent.Connection#Failed') }
                $connection
            }
        }
    }
}
