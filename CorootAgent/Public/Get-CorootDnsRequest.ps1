function Get-CorootDnsRequest {
    <#
    .SYNOPSIS
    Gets the DNS requests of the containers, by domain, type and status.

    .DESCRIPTION
    Each object counts the requests of one container for one domain and type that ended with one status: ok, or the
    reason of the failure, e.g. nxdomain or timeout. Counts begin when the agent first saw the container. The domain
    ~other stands for the domains beyond the agent's limit. With -Summary there is one object per container: the number
    of requests, their duration, the requests without an observed answer, and the last failure.

    .PARAMETER Container
    Names or ids of containers, with wildcards, or objects that name containers, which can be piped in. A plain name
    that no container has is an error; a container without requests gives nothing.

    .PARAMETER Domain
    Only domains that match, with wildcards, e.g. '*.corp.example'. A plain domain that no container requested is an
    error.

    .PARAMETER Type
    Only these types of requests, with wildcards. A and TypeA are the same. A lookup of both address types is TypeA, or
    TypeAAAA if it found an IPv6 address.

    .PARAMETER Status
    Only requests with one of these statuses, with wildcards, e.g. 'nxdomain'. A status that does not exist is an error.

    .PARAMETER Failed
    Only failed requests; with -Summary, only containers with failed or unanswered requests.

    .PARAMETER Summary
    One object per container.

    .PARAMETER Limit
    The largest number of rows (container, domain, type, status) to return. A warning says when there are more.

    .PARAMETER Address
    HOST:PORT of the agent. By default that of the piped object, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootDnsRequest -Container orders-api

    Lists the DNS requests of orders-api.

    .EXAMPLE
    Get-CorootDnsRequest -Failed | Sort-Object -Property Count -Descending

    Lists the names that cannot be resolved, the most requested first.

    .EXAMPLE
    Get-CorootDnsRequest -Domain '*.corp.example' -Type A, AAAA -Status nxdomain, timeout

    Lists the containers with failed requests for addresses in a domain.

    .EXAMPLE
    Get-CorootDnsRequest -Summary | Where-Object -FilterScript { $_.MeanDuration -gt '00:00:00.5' }

    Lists the containers with a mean duration above half a second.

    .EXAMPLE
    Get-CorootContainer -Name 'stock-*' | Get-CorootDnsRequest -Failed

    Lists the failures of some containers.

    .OUTPUTS
    CorootAgent.DnsRequest
    .OUTPUTS
    CorootAgent.DnsSummary

    .LINK
    Get-CorootContainer
    .LINK
    Get-CorootConnection
    #>
    [CmdletBinding(DefaultParameterSetName = 'Request')]
    [OutputType('CorootAgent.DnsRequest', ParameterSetName = 'Request')]
    [OutputType('CorootAgent.DnsSummary', ParameterSetName = 'Summary')]
    param(
        [Parameter(Position = 0, ValueFromPipeline)]
        [Alias('Id', 'Name', 'ContainerId')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Container,

        [Parameter(ParameterSetName = 'Request')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Domain,

        [Parameter(ParameterSetName = 'Request')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Type,

        [Parameter(ParameterSetName = 'Request')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Status,

        [switch] $Failed,

        [Parameter(Mandatory, ParameterSetName = 'Summary')]
        [switch] $Summary,

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
        $domains = @(ConvertTo-CorootPattern -Text $Domain -Caller $PSCmdlet)
        Assert-CorootValue -Kind 'DnsStatus' -Value $Status -Parameter 'Status' -Caller $PSCmdlet
        Assert-CorootValue -Kind 'DnsType' -Value $Type -Parameter 'Type' -Caller $PSCmdlet
    }

    process {
        Add-CorootInput @source -Selection $selection -InputObject $Container
    }

    end {
        foreach ($agent in $selection.Keys) {
            $query = @{ Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            if ($Summary) {
                # Without a filter on the control plane, because the sums need all requests.
                $query += @{ Name = 'DnsSummary'; RowScript = ${function:Get-CorootDnsSum} }
                Invoke-CorootQuery @query -Container $selection[$agent].Patterns -Filter @{ limit = $Limit } |
                    Where-Object -FilterScript { -not $Failed -or $_.FailedRequests -gt 0 -or $_.Unanswered -gt 0 }
                continue
            }
            $query += @{ Name = 'DnsRequest'; RowScript = ${function:Get-CorootDnsRow} }
            $types = @($Type | Where-Object -FilterScript { $_ } | ForEach-Object -Process { $_; "Type$_" })
            $filter = @{ domain = $Domain; type = $types; status = $Status; failed = $Failed; limit = $Limit }
            $requests = @(Invoke-CorootQuery @query -Container $selection[$agent].Patterns -Filter $filter)
            $missing = Get-CorootMissingName -Pattern $domains -InputObject $requests -NameScript { $_.Domain }
            foreach ($name in $missing) {
                # A domain that only the other filters excluded is not missing.
                $exact = @{ domain = ConvertTo-CorootLiteral -Name $name; limit = 1 }
                $found = @(Invoke-CorootQuery @query -Filter $exact -NoWarning)
                if ($found.Count -eq 0) { Write-CorootNotFound -Kind 'domain' -Name $name -Caller $PSCmdlet }
            }
            foreach ($request in $requests) { $request }
        }
    }
}
