function Get-CorootDnsQuery {
    <#
    .SYNOPSIS
    Gets the DNS queries of the containers: which names they ask for, and what came of it.

    .DESCRIPTION
    Each object counts the queries of one container for one domain and type that ended with one status, since the agent knows the
    container: ok, or why there was no answer, e.g. nxdomain or timeout. The domain ~other stands for those beyond the agent's limit.
    With -Summary there is one object a container: how many queries there were, how long they took, those that no answer was
    ever seen to, and the last failure.

    .PARAMETER Container
    Names or ids of containers, with wildcards; objects of Get-CorootContainer can be piped in. A plain name that no container has
    is an error; a container that asked nothing gives nothing.

    .PARAMETER Domain
    Only domains that match, with wildcards, e.g. '*.corp.example'. A plain domain that no container asked for is an error.

    .PARAMETER Type
    Only these types of queries, with wildcards: A and TypeA are the same.

    .PARAMETER Status
    Only queries that ended with one of these, with wildcards, e.g. 'nxdomain'.

    .PARAMETER Failed
    Only queries that failed; with -Summary, only containers with failed or unanswered queries.

    .PARAMETER Summary
    One object a container.

    .PARAMETER Limit
    How many kinds of queries to ask for; a warning says when there are more.

    .PARAMETER Address
    HOST:PORT of the agent. By default the one of the piped container, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootDnsQuery -Container orders-api

    Lists what orders-api asks for.

    .EXAMPLE
    Get-CorootDnsQuery -Failed | Sort-Object -Property Count -Descending

    Lists the names that cannot be had, the most wanted first.

    .EXAMPLE
    Get-CorootDnsQuery -Domain '*.corp.example' -Type A, AAAA -Status nxdomain, timeout

    Lists who misses an address in a domain.

    .EXAMPLE
    Get-CorootDnsQuery -Summary | Where-Object -FilterScript { $_.MeanTime -gt '00:00:00.5' }

    Lists the containers that wait half a second and more for their answers.

    .EXAMPLE
    Get-CorootContainer -Name 'stock-*' | Get-CorootDnsQuery -Failed

    Lists the failures of some containers.

    .OUTPUTS
    CorootAgent.DnsQuery
    .OUTPUTS
    CorootAgent.DnsSummary

    .LINK
    Get-CorootContainer
    .LINK
    Get-CorootConnection
    #>
    [CmdletBinding(DefaultParameterSetName = 'Query')]
    [OutputType('CorootAgent.DnsQuery', ParameterSetName = 'Query')]
    [OutputType('CorootAgent.DnsSummary', ParameterSetName = 'Summary')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('Id', 'Name', 'ContainerId')]
        [SupportsWildcards()]
        [string[]] $Container,

        [Parameter(ParameterSetName = 'Query')]
        [SupportsWildcards()]
        [string[]] $Domain,

        [Parameter(ParameterSetName = 'Query')]
        [SupportsWildcards()]
        [string[]] $Type,

        [Parameter(ParameterSetName = 'Query')]
        [SupportsWildcards()]
        [string[]] $Status,

        [switch] $Failed,

        [Parameter(Mandatory, ParameterSetName = 'Summary')]
        [switch] $Summary,

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
        $types = @($Type | Where-Object -FilterScript { $_ } | ForEach-Object -Process { $_; "Type$_" })
    }

    process {
        try {
            $at = Resolve-CorootAddress -Address $Address
            if (-not $byAddress.ContainsKey($at)) {
                $answer = Invoke-CorootRequest -Address $at -Path "/api/v1/dns?limit=$Limit" -Mark 'containers' -TimeoutSec $TimeoutSec
                $known = @(Get-CorootKnownContainer -Address $at -TimeoutSec $TimeoutSec)
                if ($answer.truncated) { Write-Warning -Message "Only the first $Limit kinds of queries are here; ask for more with -Limit." }
                $rows = @(ConvertFrom-CorootDnsAnswer -Answer $answer -Address $at -Summary:$Summary)
                if ($Domain) { $rows = @(Select-CorootName -InputObject $rows -Pattern $Domain -Property 'Domain' -What 'domain' -Caller $PSCmdlet) }
                # After the domain: one that is there and never failed is no error.
                $rows = @($rows | Where-Object -FilterScript {
                        if ($Summary) { -not $Failed -or $_.FailedQueries -gt 0 -or $_.Unanswered -gt 0 }
                        else { (-not $Failed -or $_.Status -ne 'ok') -and (Test-CorootLike -Text $_.Type -Pattern $types) -and (Test-CorootLike -Text $_.Status -Pattern $Status) }
                    })
                # Connections can be piped in, many of one container: its queries come once.
                $byAddress[$at] = @{ Rows = $rows; Containers = $known; Given = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' }
            }
        }
        catch {
            $PSCmdlet.ThrowTerminatingError((Resolve-CorootFault -ErrorRecord $_ -Address $Address))
        }
        Select-CorootContainerRow -Told $byAddress[$at] -Pattern $Container -Caller $PSCmdlet
    }
}
