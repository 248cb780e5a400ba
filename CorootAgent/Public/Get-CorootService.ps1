function Get-CorootService {
    <#
    .SYNOPSIS
    Gets the Windows services of the host, with the rule that selected or excluded each as a container.

    .DESCRIPTION
    Lists every service of the service control manager (SCM). Rule is the first rule that applied, Explanation describes
    it. SharedWith has the other running services of its process, Group the svchost group of that process. ServiceType
    has the SERVICE_* type bits. Account and BinaryPath are empty when the configuration cannot be read.

    .PARAMETER Name
    Names of services, with wildcards. A plain name that no service has is an error, a pattern that nothing matches is
    not.

    .PARAMETER Rule
    Only services to which one of these rules applied, with wildcards, e.g. 'manual-start'. A rule that does not exist
    is an error.

    .PARAMETER Address
    HOST:PORT of the agent. By default that of the piped object, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootService -Name Spooler

    Shows whether the print spooler is a container, and why.

    .EXAMPLE
    Get-CorootService -Rule unreadable

    Lists the services with a configuration that the agent cannot read.

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
        [Parameter(Position = 0, ValueFromPipeline)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Name,

        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Rule,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $selection = [ordered]@{}
        $source = @{ Kind = 'service'; Address = $Address; Caller = $PSCmdlet }
        $source.Typed = $PSBoundParameters.ContainsKey('Name')
        $rules = @(ConvertTo-CorootPattern -Text $Rule -Caller $PSCmdlet)
        Assert-CorootValue -Kind 'ServiceRule' -Value $Rule -Parameter 'Rule' -Caller $PSCmdlet
    }

    process {
        Add-CorootInput @source -Selection $selection -InputObject $Name
    }

    end {
        foreach ($agent in $selection.Keys) {
            $query = @{ Name = 'Service'; Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            # Objects of containers name their service by the id of the container.
            $names = @{ Pattern = $selection[$agent].Patterns; Kind = 'service' }
            $names.NameScript = { $_.Name; $_.ContainerId }
            Select-CorootObject @names -InputObject @(Invoke-CorootQuery @query) -Caller $PSCmdlet |
                Where-Object -FilterScript { Test-CorootPattern -Text $_.Rule -Pattern $rules }
        }
    }
}
