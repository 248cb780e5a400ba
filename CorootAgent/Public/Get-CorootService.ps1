function Get-CorootService {
    <#
    .SYNOPSIS
    Gets the Windows services of the host and whether each is a container to CorootAgent, with the rule that decided.

    .DESCRIPTION
    Lists every service that the service control manager has. Rule names the first rule that applied, Explanation says it in words.
    SharedWith names the other running services in its process, Group the svchost group that they are. ServiceType has the SERVICE_*
    type bits; Account and BinaryPath are empty where the configuration may not be read.

    .PARAMETER Name
    Names of services, with wildcards. A plain name that no service has is an error, a pattern that nothing matches is not.

    .PARAMETER Rule
    Only services that one of these rules decided, with wildcards, e.g. 'manual-start'.

    .PARAMETER Address
    HOST:PORT of the agent. By default the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootService -Name Spooler

    Tells whether the print spooler is a container, and why.

    .EXAMPLE
    Get-CorootService -Rule unreadable

    Lists the services that the agent may not look into.

    .EXAMPLE
    Get-CorootService | Group-Object -Property Rule -NoElement

    Counts the services by rule.

    .EXAMPLE
    Get-CorootService | Where-Object -Property SharedWith

    Lists the services that share their process with others.

    .OUTPUTS
    CorootAgent.Service

    .LINK
    Get-CorootContainer
    .LINK
    Get-CorootServiceGroup
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Service')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [SupportsWildcards()]
        [string[]] $Name,

        [SupportsWildcards()]
        [string[]] $Rule,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        try {
            $answer = Invoke-CorootRequest -Address $Address -Path '/api/v1/services' -Mark 'services' -TimeoutSec $TimeoutSec
            if ($answer.stale) { Write-Warning -Message 'The last poll of the service control manager failed: this is the list before it.' }
            $observed = ConvertFrom-CorootTime -Milliseconds $answer.observedAtMs
            $services = @(foreach ($service in $answer.services) {
                    [pscustomobject]@{
                        PSTypeName  = 'CorootAgent.Service'
                        Name        = $service.name
                        DisplayName = $service.displayName
                        State       = $service.state
                        StartType   = $service.startType
                        ProcessId   = [int] $service.pid
                        SharedWith  = @($service.sharedWith)
                        Group       = $service.group
                        ContainerId = $service.containerId
                        IsContainer = [bool] $service.containerId
                        Rule        = $service.rule
                        Explanation = $service.explanation
                        ServiceType = [int] $service.serviceType
                        Account     = $service.account
                        BinaryPath  = $service.binaryPath
                        Observed    = $observed
                    }
                })
            $services = @($services | Where-Object -FilterScript { Test-CorootLike -Text $_.Rule -Pattern $Rule })
        }
        catch {
            $PSCmdlet.ThrowTerminatingError((Resolve-CorootFault -ErrorRecord $_ -Address $Address))
        }
    }

    process {
        Select-CorootName -InputObject $services -Pattern $Name -Property 'Name' -What 'service' -Caller $PSCmdlet
    }
}
