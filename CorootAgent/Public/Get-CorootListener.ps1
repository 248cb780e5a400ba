function Get-CorootListener {
    <#
    .SYNOPSIS
    Gets the addresses that services and containers listen on, and how each owner is known.

    .DESCRIPTION
    KnownBy tells how the owner is known: process, service tag, iis binding, url reservation, published port, or unattributed, where
    nobody is known. Service is empty for what is no service; ContainerId is empty for a service that is no container.

    .PARAMETER Container
    Names or ids of containers, with wildcards; objects of Get-CorootContainer can be piped in. A plain name that no container has
    is an error; a container that does not listen gives nothing.

    .PARAMETER Service
    Only listeners of services that match, with wildcards, containers or not.

    .PARAMETER Listener
    Only addresses that match, with wildcards, e.g. '*:443'.

    .PARAMETER Address
    HOST:PORT of the agent. By default the one of the piped container, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootListener -Listener '*:443'

    Tells who listens on port 443.

    .EXAMPLE
    Get-CorootListener | Where-Object -Property KnownBy -EQ -Value 'unattributed'

    Lists the addresses that nobody is known for.

    .EXAMPLE
    Get-CorootContainer -Name 'MSSQL*' | Get-CorootListener

    Lists where some containers listen.

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
        # One question an agent, however many containers are piped in.
        $byAddress = @{}
    }

    process {
        try {
            $at = Resolve-CorootAddress -Address $Address
            if (-not $byAddress.ContainsKey($at)) {
                $answer = Invoke-CorootRequest -Address $at -Path '/api/v1/listeners' -Mark 'listeners' -TimeoutSec $TimeoutSec
                $known = @(Get-CorootKnownContainer -Address $at -TimeoutSec $TimeoutSec)
                $observed = ConvertFrom-CorootTime -Milliseconds $answer.observedAtMs
                $rows = foreach ($row in $answer.listeners) {
                    [pscustomobject]@{
                        PSTypeName  = 'CorootAgent.Listener'
                        Listener    = $row.address
                        ContainerId = $row.containerId
                        Service     = $row.service
                        ProcessId   = [int] $row.pid
                        KnownBy     = $row.by
                        Detail      = $row.detail
                        Proxy       = $row.proxy
                        Observed    = $observed
                        Address     = $at
                    }
                }
                $rows = @($rows | Where-Object -FilterScript { (Test-CorootLike -Text $_.Service -Pattern $Service) -and (Test-CorootLike -Text $_.Listener -Pattern $Listener) })
                $byAddress[$at] = @{ Rows = $rows; Containers = $known }
            }
        }
        catch {
            $PSCmdlet.ThrowTerminatingError((Resolve-CorootFault -ErrorRecord $_ -Address $Address))
        }
        Select-CorootContainerRow -Told $byAddress[$at] -Pattern $Container -Caller $PSCmdlet
    }
}
