function Get-CorootLogPattern {
    <#
    .SYNOPSIS
    Gets the patterns of log messages with their counts.

    .DESCRIPTION
    A pattern stands for messages of one container, source and level that differ only in numbers, ids and the like.
    Messages of critical, error and warning level have patterns. Sample is the first message of the pattern. IsNew is
    true when that message came within the last hour, after an hour in which the container was observed without it.

    .PARAMETER Container
    Names or ids of containers, with wildcards, or objects that name containers, which can be piped in. A plain name
    that no container has is an error; a container without messages gives nothing.

    .PARAMETER Node
    Only patterns that belong to no container; with -Container, in addition to the patterns of those containers.

    .PARAMETER Level
    Only patterns of these levels.

    .PARAMETER MinLevel
    Only patterns of this level and of more severe ones.

    .PARAMETER Source
    Only patterns of these sources, with wildcards, e.g. EventLog.

    .PARAMETER Text
    Only patterns with one of these texts in their sample. The texts may have wildcards.

    .PARAMETER New
    Only new patterns.

    .PARAMETER Sort
    Count: the patterns with the most messages first. Last: those with the newest messages first.

    .PARAMETER Limit
    The largest number of patterns to return. A warning says when there are more.

    .PARAMETER Address
    HOST:PORT of the agent. By default that of the piped object, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootLogPattern -New

    Lists the patterns that came up within the last hour.

    .EXAMPLE
    Get-CorootContainer -Name 'orders*' | Get-CorootLogPattern -MinLevel error -Sort Last

    Lists the errors of some containers, the newest first.

    .OUTPUTS
    CorootAgent.LogPattern

    .LINK
    Get-CorootLog
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.LogPattern')]
    param(
        [Parameter(Position = 0, ValueFromPipeline)]
        [Alias('Id', 'Name', 'ContainerId')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Container,

        [switch] $Node,

        [ValidateSet('critical', 'error', 'warning')]
        [string[]] $Level,

        [ValidateSet('critical', 'error', 'warning')]
        [string] $MinLevel,

        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Source,

        [SupportsWildcards()]
        [ValidateCount(1, 8)]
        [ValidateLength(1, 128)]
        [string[]] $Text,

        [switch] $New,

        [ValidateSet('Count', 'Last')]
        [string] $Sort = 'Count',

        [ValidateRange(1, 10000)]
        [int] $Limit = 1000,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $selection = [ordered]@{}
        $from = @{ Kind = 'container'; Address = $Address; Caller = $PSCmdlet }
        $from.Typed = $PSBoundParameters.ContainsKey('Container')
        foreach ($names in $Source, $Text) { $null = ConvertTo-CorootPattern -Text $names -Caller $PSCmdlet }
        $filter = @{
            node = $Node; level = $Level; source = $Source; text = $Text; new = $New
            sort = $Sort.ToLowerInvariant(); limit = $Limit
        }
        if ($MinLevel) { $filter.minLevel = $MinLevel }
    }

    process {
        Add-CorootInput @from -Selection $selection -InputObject $Container
    }

    end {
        foreach ($agent in $selection.Keys) {
            $query = @{ Name = 'LogPattern'; Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            Invoke-CorootQuery @query -Container $selection[$agent].Patterns -Filter $filter
        }
    }
}
