function Get-CorootProcess {
    <#
    .SYNOPSIS
    Gets the processes of the host, with the containers of each process.

    .DESCRIPTION
    ContainerId has the ids of all containers that have the process in their process tree. PrivateBytes is empty when
    Windows does not report the private working set. ImagePath is empty when the path could not be read.

    .PARAMETER Container
    Names or ids of containers, with wildcards. Objects of Get-CorootContainer can be piped in. A plain name that no
    container has is an error; a container without processes gives nothing.

    .PARAMETER ProcessName
    Only processes of these names, with wildcards, e.g. 'w3wp*'.

    .PARAMETER ProcessId
    Only processes with these ids.

    .PARAMETER Address
    HOST:PORT of the agent. By default the one of the piped container, else the variable COROOT_LISTEN, else
    127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootProcess -Container payments

    Lists the processes of a container.

    .EXAMPLE
    Get-CorootProcess | Where-Object -FilterScript { -not $_.ContainerId }

    Lists the processes outside of containers.

    .EXAMPLE
    Get-CorootProcess -ProcessId 4711

    Shows the container of a process.

    .OUTPUTS
    CorootAgent.Process

    .LINK
    Get-CorootContainer
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Process')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('Id', 'Name')]
        [SupportsWildcards()]
        [string[]] $Container,

        [SupportsWildcards()]
        [string[]] $ProcessName,

        [int[]] $ProcessId,

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
            $query = @{ Name = 'Process'; Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            Invoke-CorootQuery @query -Container $byAddress[$agent] |
                Where-Object -FilterScript { Test-CorootPattern -Text $_.ProcessName -Pattern $ProcessName } |
                Where-Object -FilterScript { -not $ProcessId -or $ProcessId -contains $_.ProcessId }
        }
    }
}
