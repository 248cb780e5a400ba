function Get-CorootConnection {
    <#
    .SYNOPSIS
    Gets the outbound connections of the containers, by destination.

    .DESCRIPTION
    Each object is one destination of one container with the number of established connections at the last look.

    .PARAMETER Container
    Names or ids of containers, with wildcards; objects of Get-CorootContainer can be piped in. A plain name that no container has
    is an error; a container without connections gives nothing.

    .PARAMETER Destination
    Only destinations that match, with wildcards, e.g. '10.*:443'.

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

    .OUTPUTS
    CorootAgent.Connection

    .LINK
    Get-CorootContainer
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Connection')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('Id', 'Name')]
        [SupportsWildcards()]
        [string[]] $Container,

        [SupportsWildcards()]
        [string[]] $Destination,

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
                $known = Invoke-CorootRequest -Address $at -Path '/api/v1/containers' -Mark 'containers' -TimeoutSec $TimeoutSec
                if ($answer.truncated) { Write-Warning -Message "Only the first $Limit destinations are here; ask for more with -Limit." }
                $observed = ConvertFrom-CorootTime -Milliseconds $answer.observedAtMs
                $connections = @(foreach ($connection in $answer.connections) {
                        [pscustomobject]@{
                            PSTypeName        = 'CorootAgent.Connection'
                            ContainerId       = $connection.containerId
                            ContainerName     = $connection.containerName
                            Destination       = $connection.destination
                            ActualDestination = $connection.actualDestination
                            Active            = [int] $connection.active
                            Observed          = $observed
                            Address           = $at
                        }
                    })
                if ($Destination) {
                    $connections = @(Select-CorootName -InputObject $connections -Pattern $Destination -Property 'Destination', 'ActualDestination' -What 'destination' -Caller $PSCmdlet)
                }
                $byAddress[$at] = @{
                    Connections = $connections
                    Containers  = @($known.containers | ForEach-Object -Process { [pscustomobject]@{ Id = $_.id; Name = $_.name } })
                }
            }
        }
        catch {
            $PSCmdlet.ThrowTerminatingError((Resolve-CorootFault -ErrorRecord $_ -Address $Address))
        }
        $here = $byAddress[$at]
        if (-not $Container) { return $here.Connections }
        # By way of the containers: one that is there but quiet is no error.
        $wanted = @(Select-CorootName -InputObject $here.Containers -Pattern $Container -Property 'Name', 'Id' -What 'container' -Caller $PSCmdlet | ForEach-Object -Process { $_.Id })
        $here.Connections | Where-Object -FilterScript { $wanted -contains $_.ContainerId }
    }
}
