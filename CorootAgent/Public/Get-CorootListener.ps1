function Get-CorootListener {
    <#
    .SYNOPSIS
    Gets the addresses that services and containers listen on, and how the owner of each was detected.

    .DESCRIPTION
    DetectedBy is the way in which the owner was detected: process, service tag, iis binding, url reservation, published
    port, or unattributed when the owner is unknown. Service is empty for a listener that is not of a service.
    ContainerId is empty for a service that is no container.

    .PARAMETER Container
    Names or ids of containers, with wildcards, or objects that name containers, which can be piped in. A plain name
    that no container has is an error; a container that does not listen gives nothing.

    .PARAMETER Service
    Only listeners of services that match, with wildcards, containers or not. A plain name that no service has is an
    error.

    .PARAMETER Listener
    Only addresses that match, with wildcards, e.g. '*:443'. A plain address on which nothing listens is an error.

    .PARAMETER Address
    HOST:PORT of the agent. By default that of the piped object, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

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
        [Parameter(Position = 0, ValueFromPipeline)]
        [Alias('Id', 'Name', 'ContainerId')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Container,

        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Service,

        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Listener,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $selection = [ordered]@{}
        $source = @{ Kind = 'container'; Address = $Address; Caller = $PSCmdlet }
        $source.Typed = $PSBoundParameters.ContainsKey('Container')
        $services = @(ConvertTo-CorootPattern -Text $Service -Caller $PSCmdlet)
        $addresses = @(ConvertTo-CorootPattern -Text $Listener -Endpoint -Caller $PSCmdlet)
    }

    process {
        Add-CorootInput @source -Selection $selection -InputObject $Container
    }

    end {
        foreach ($agent in $selection.Keys) {
            $query = @{ Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            $rows = @(Invoke-CorootQuery @query -Name 'Listener' -Container $selection[$agent].Patterns)
            $byAddress = @{ Pattern = $addresses; NameScript = { $_.Listener } }
            $missing = @(Get-CorootMissingName @byAddress -InputObject $rows)
            if ($missing.Count -gt 0 -and $selection[$agent].Patterns.Count -gt 0) {
                # An address on which another container listens is not missing.
                $all = @(Invoke-CorootQuery @query -Name 'Listener' -NoWarning)
                $missing = @(Get-CorootMissingName @byAddress -InputObject $all)
            }
            foreach ($name in $missing) { Write-CorootNotFound -Kind 'listener' -Name $name -Caller $PSCmdlet }
            $missing = @(Get-CorootMissingName -Pattern $services -InputObject $rows -NameScript { $_.Service })
            if ($missing.Count -gt 0) {
                # A service that does not listen is not missing.
                $known = @(Invoke-CorootQuery @query -Name 'Service' -NoWarning)
                $missing = @(Get-CorootMissingName -Pattern $services -InputObject $known -NameScript { $_.Name })
            }
            foreach ($name in $missing) { Write-CorootNotFound -Kind 'service' -Name $name -Caller $PSCmdlet }
            $rows | Where-Object -FilterScript {
                (Test-CorootPattern -Text $_.Service -Pattern $services) -and
                (Test-CorootPattern -Text $_.Listener -Pattern $addresses)
            }
        }
    }
}
