function Get-CorootConnection {
    <#
    .SYNOPSIS
    Gets the outbound connections of the containers, by destination.

    .DESCRIPTION
    Each object is one destination of one container: the established connections at the last look (Active) and, since the agent knows
    the destination, its connects that succeeded and failed, the failures by reason, bytes, retransmitted segments and resets.
    InferredConnects are those of SuccessfulConnects that no event told: they showed up in the TCP tables; the table marks them with ~.
    ConnectTime is the mean time of a handshake, RoundTripTime that of segments later on. They and LastFailure are empty while there is
    none. Format-Table -View Wide shows more columns; with -Failed the table shows the reasons.

    .PARAMETER Container
    Names or ids of containers, with wildcards; objects of Get-CorootContainer can be piped in. A plain name that no container has
    is an error; a container without connections gives nothing.

    .PARAMETER Destination
    Only destinations that match, with wildcards, e.g. '10.*:443'; names that the resolver gave them (DestinationName) count, too.

    .PARAMETER Failed
    Only destinations with failed connects; the table shows why they failed, and when the last one did.

    .PARAMETER Limit
    How many destinations to ask for; a warning says when there are more.

    .PARAMETER Address
    HOST:PORT of the agent. By default the one of the piped container, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootConnection -Container orders-api

    Lists where orders-api is connected to.

    .EXAMPLE
    Get-CorootConnection -Destination '*:1433'

    Lists who is connected to a SQL Server.

    .EXAMPLE
    Get-CorootContainer -Name 'stock-*' | Get-CorootConnection

    Lists the connections of some containers.

    .EXAMPLE
    Get-CorootConnection -Failed | Sort-Object -Property LastFailure -Descending | Select-Object -Property ContainerName, Destination, FailedConnects, LastFailureReason

    Lists what cannot be reached, the latest failure first.

    .EXAMPLE
    Get-CorootConnection -Failed | Where-Object -FilterScript { $_.Failures['refused'] -gt 10 }

    Lists where more than ten connects were refused.

    .EXAMPLE
    Get-CorootConnection -Container orders-api | Format-Table -View Wide

    Shows names, times, bytes and retransmitted segments, too.

    .OUTPUTS
    CorootAgent.Connection

    .LINK
    Get-CorootContainer
    .LINK
    Get-CorootDnsQuery
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Connection')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('Id', 'Name', 'ContainerId')]
        [SupportsWildcards()]
        [string[]] $Container,

        [SupportsWildcards()]
        [string[]] $Destination,

        [switch] $Failed,

        [ValidateRange(1, 200000)]
        [int] $Limit = 10000,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        # One question an agent, however many containers are piped in.
        $byAddress = @{}
    }

    process {
        try {
            $at = Resolve-CorootAddress -Address $Address
            if (-not $byAddress.ContainsKey($at)) {
                $answer = Invoke-CorootRequest -Address $at -Path "/api/v1/connections?limit=$Limit" -Mark 'connections' -TimeoutSec $TimeoutSec
                $known = @(Get-CorootKnownContainer -Address $at -TimeoutSec $TimeoutSec)
                if ($answer.truncated) { Write-Warning -Message "Only the first $Limit destinations are here; ask for more with -Limit." }
                $observed = ConvertFrom-CorootTime -Milliseconds $answer.observedAtMs
                $connections = @(foreach ($connection in $answer.connections) {
                        $failures = [ordered]@{}
                        foreach ($reason in $connection.failures.PSObject.Properties) { $failures[$reason.Name] = [long] $reason.Value }
                        [pscustomobject]@{
                            PSTypeName         = 'CorootAgent.Connection'
                            ContainerId        = $connection.containerId
                            ContainerName      = $connection.containerName
                            Destination        = $connection.destination
                            ActualDestination  = $connection.actualDestination
                            DestinationName    = $connection.name
                            Active             = [int] $connection.active
                            SuccessfulConnects = [long] $connection.successfulConnects
                            InferredConnects   = [long] $connection.inferredConnects
                            FailedConnects     = [long] $connection.failedConnects
                            Failures           = $failures
                            LastFailure        = ConvertFrom-CorootTime -Milliseconds $connection.lastFailureAtMs
                            LastFailureReason  = $connection.lastFailure
                            ConnectTime        = ConvertFrom-CorootSeconds -Seconds $connection.connectSeconds -ZeroIsUnknown
                            RoundTripTime      = ConvertFrom-CorootSeconds -Seconds $connection.rttSeconds -ZeroIsUnknown
                            SentBytes          = [long] $connection.sentBytes
                            ReceivedBytes      = [long] $connection.receivedBytes
                            Retransmits        = [long] $connection.retransmits
                            Resets             = [long] $connection.resets
                            Observed           = $observed
                            Address            = $at
                        }
                    })
                if ($Destination) {
                    $connections = @(Select-CorootName -InputObject $connections -Pattern $Destination -Property 'Destination', 'ActualDestination', 'DestinationName' -What 'destination' -Caller $PSCmdlet)
                }
                # Last: a destination that is there and never failed is no error.
                if ($Failed) {
                    $connections = @($connections | Where-Object -FilterScript { $_.FailedConnects -gt 0 })
                    # Its first type chooses the table.
                    foreach ($connection in $connections) { $connection.PSTypeNames.Insert(0, 'CorootAgent.Connection#Failed') }
                }
                $byAddress[$at] = @{ Rows = $connections; Containers = $known }
            }
        }
        catch {
            $PSCmdlet.ThrowTerminatingError((Resolve-CorootFault -ErrorRecord $_ -Address $Address))
        }
        Select-CorootContainerRow -Told $byAddress[$at] -Pattern $Container -Caller $PSCmdlet
    }
}
