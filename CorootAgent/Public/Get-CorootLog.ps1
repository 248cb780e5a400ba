function Get-CorootLog {
    <#
    .SYNOPSIS
    Gets the recent log messages of containers and of the node, and with -Follow new ones as they arrive.

    .DESCRIPTION
    The agent keeps the newest messages of all containers in memory. Each object is one message: an event of the Event
    Log, or a message of a log file, which may have several lines. The newest comes last. With -Follow the command goes
    on with new messages until Ctrl-C, also after a restart of the agent; it asks twice a second. Warnings say when
    messages were removed before they could be read.

    .PARAMETER Container
    Names or ids of containers, with wildcards, or objects that name containers, which can be piped in. A plain name
    that no container has is an error; a container without messages gives nothing.

    .PARAMETER Node
    Only messages that belong to no container; with -Container, in addition to the messages of those containers.

    .PARAMETER Level
    Only messages of these levels. Unknown is the level of messages that have none.

    .PARAMETER MinLevel
    Only messages of this level and of more severe ones. Unknown is the least severe.

    .PARAMETER Source
    Only messages of these sources, with wildcards, e.g. EventLog.

    .PARAMETER Text
    Only messages that contain one of these texts, which may have wildcards, without regard to case.

    .PARAMETER Pattern
    Only messages of these patterns, by the Hash of Get-CorootLogPattern.

    .PARAMETER Since
    Only messages that were written at this time or later.

    .PARAMETER Channel
    Only events of these channels of the Event Log, with wildcards.

    .PARAMETER Provider
    Only events of these providers, with wildcards.

    .PARAMETER EventId
    Only events with these ids.

    .PARAMETER Last
    The largest number of messages: the newest. By default 1000, and with -Follow 10 before the new ones. Without this
    parameter a warning says when there are more.

    .PARAMETER First
    The largest number of messages: the oldest that the agent still has.

    .PARAMETER Follow
    Goes on with new messages until Ctrl-C.

    .PARAMETER Address
    HOST:PORT of the agent. By default that of the piped object, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for an answer.

    .EXAMPLE
    Get-CorootLog -Container orders-api -MinLevel error -Since (Get-Date).AddMinutes(-10)

    Lists the critical and error messages of orders-api of the last ten minutes.

    .EXAMPLE
    Get-CorootContainer -Name 'stock-*' | Get-CorootLog -Follow

    Follows the messages of some containers until Ctrl-C.

    .EXAMPLE
    Get-CorootLog -Channel System -Provider '*Kernel-Power' -EventId 41

    Lists the unexpected restarts of the machine.

    .EXAMPLE
    Get-CorootLog -Pattern (Get-CorootLogPattern -New).Hash

    Lists the messages of new patterns.

    .EXAMPLE
    Get-CorootLog -Follow -Text 'timeout*payments' | Select-Object -First 1

    Waits for a message with this text.

    .OUTPUTS
    CorootAgent.LogMessage

    .LINK
    Get-CorootLogPattern
    .LINK
    Get-CorootContainer
    #>
    [CmdletBinding(DefaultParameterSetName = 'Last')]
    [OutputType('CorootAgent.LogMessage')]
    param(
        [Parameter(Position = 0, ValueFromPipeline)]
        [Alias('Id', 'Name', 'ContainerId')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Container,

        [switch] $Node,

        [ValidateSet('critical', 'error', 'warning', 'info', 'debug', 'unknown')]
        [string[]] $Level,

        [ValidateSet('critical', 'error', 'warning', 'info', 'debug', 'unknown')]
        [string] $MinLevel,

        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Source,

        [SupportsWildcards()]
        [ValidateCount(1, 8)]
        [ValidateLength(1, 128)]
        [string[]] $Text,

        [ValidatePattern('^[0-9a-fA-F]{32}$')]
        [string[]] $Pattern,

        [datetime] $Since,

        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Channel,

        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Provider,

        [ValidateRange(0, 4294967295)]
        [long[]] $EventId,

        [Parameter(ParameterSetName = 'Last')]
        [Parameter(ParameterSetName = 'Follow')]
        [ValidateRange(1, 10000)]
        [int] $Last,

        [Parameter(Mandatory, ParameterSetName = 'First')]
        [ValidateRange(1, 10000)]
        [int] $First,

        [Parameter(Mandatory, ParameterSetName = 'Follow')]
        [switch] $Follow,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $selection = [ordered]@{}
        $from = @{ Kind = 'container'; Address = $Address; Caller = $PSCmdlet }
        $from.Typed = $PSBoundParameters.ContainsKey('Container')
        foreach ($names in $Source, $Text, $Channel, $Provider) {
            $null = ConvertTo-CorootPattern -Text $names -Caller $PSCmdlet
        }
        $filter = @{
            node = $Node; level = $Level; source = $Source; text = $Text; pattern = $Pattern; channel = $Channel
            provider = $Provider; eventId = $EventId
        }
        if ($MinLevel) { $filter.minLevel = $MinLevel }
        if ($PSBoundParameters.ContainsKey('Since')) {
            $filter.since = [math]::Max([long] 0, ([DateTimeOffset] $Since).ToUnixTimeMilliseconds())
        }
    }

    process {
        Add-CorootInput @from -Selection $selection -InputObject $Container
    }

    end {
        $limit = if ($First) { $First } elseif ($Last) { $Last } elseif ($Follow) { 10 } else { 1000 }
        $positions = New-Object -TypeName 'System.Collections.Generic.List[hashtable]'
        foreach ($agent in $selection.Keys) {
            $query = @{ Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet; Filter = $filter }
            $patterns = $selection[$agent].Patterns
            $read = Read-CorootLog @query -Container $patterns -Limit $limit -Oldest:($First -gt 0)
            $read.Messages
            if ($read.Truncated -and -not ($First -or $Last -or $Follow)) {
                $PSCmdlet.WriteWarning("Only the last $limit messages are returned; ask for more with -Last.")
            }
            $positions.Add(@{ Address = $agent; Container = $patterns; Cursor = $read.Cursor })
        }
        if ($Follow) {
            Watch-CorootLog -Position $positions -Filter $filter -TimeoutSec $TimeoutSec -Caller $PSCmdlet
        }
    }
}
