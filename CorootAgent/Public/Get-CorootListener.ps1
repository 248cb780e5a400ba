function Get-CorootListener {
    <#
    .SYNOPSIS
    Gets the addresses that services and containers listen on, and how the owner of each was detected.

    .DESCRIPTION
    DetectedBy is the way in which the owner was detected: process, service tag, iis binding, url reservation, published
    port, or unattributed when the owner is unknown. Service is empty for a listener that is not of a service.
    ContainerId is empty for a service that is no container.

    .PARAMETER Container
    Names or ids of containers, with wildcards. Objects of Get-CorootContainer can be piped in. A plain name that no
    container has is an error; a container that does not listen gives nothing.

    .PARAMETER Service
    Only listeners of services that match, with wildcards, containers or not.

    .PARAMETER Listener
    Only addresses that match, with wildcards, e.g. '*:443'.

    .PARAMETER Address
    HOST:PORT of the agent. By default the one of the piped container, else the variable COROOT_LISTEN, else
    127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootListener -Listener '*:443'

    Shows the containers and services that listen on port 443.

    .EXAMPLE
    Get-CorootListener | Where-Object -Property DetectedBy -EQ -Value 'unattributed'

    Lists the addresses without a known owner.

    .EXAMPLE
    Get-CorootContainer -Name 'MSSQL*' | Get-CorootListener

    Lists the listeners of some containers.

    .OUTPUTS
    CorootAgent.Listener

    .LINK
    Get-CorootContainer
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Listener')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('Id', 'Name', 'ContainerId')]
        [SupportsWildcards()]
        [string[]] $Container,

        [SupportsWildcards()]
        [string[]] $Service,

        [SupportsWildcards()]
        [string[]] $Listener,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $byAddress = [ordered]@{}
    }

    process {
        Add-CorootContainerPattern -ByAddress $byAddress -Container $Container -Address $Address -Caller $PSCmdlet
    }

    end {
        foreach ($agent in $byAddress.Keys) {
            $query = @{ Name = 'Listener'; Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            Invoke-CorootQuery @query -Container $byAddress[$agent] |
                Where-Object -FilterScript { Test-CorootPattern -Text $_.Service -Pattern $Service } |
                Where-Object -FilterScript { Test-CorootPattern -Text $_.Listener -Pattern $Listener }
        }
    }
}
