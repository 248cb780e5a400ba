# Get-CorootContainer: what was discovered, with what it uses.
function Get-CorootContainer {
    <#
    .SYNOPSIS
        Lists the containers of the host: Windows services and Docker containers.
    .DESCRIPTION
        Asks a running CorootAgent for the containers that it has discovered, each with its processes, uptime, restarts, CPU time,
        memory, listeners and number of established connections.

        A name without wildcards that names no container is an error that does not end the pipeline, as with Get-Service; a pattern
        that matches nothing gives nothing. All objects from the pipeline are answered from one reading of the agent.
    .PARAMETER Name
        Names or ids of containers, with wildcards. Of objects from the pipeline, such as those of Get-Service and
        Get-CorootService, the property Name, Id or ContainerId is taken as it is.
    .PARAMETER State
        Only containers in one of these states, with wildcards: running, young (not reported yet), shared (several services in one
        process) or gone.
    .PARAMETER Address
        HOST:PORT of the agent. By default the environment variable COROOT_LISTEN, or 127.0.0.1:10300. Objects of this module
        from the pipeline bring the address that they came from.
    .PARAMETER TimeoutSec
        Seconds to wait for the whole answer, 10 by default.
    .EXAMPLE
        Get-CorootContainer

        Lists all containers.
    .EXAMPLE
        Get-CorootContainer orders*, billing | Format-List

        Shows everything about the container billing and those whose name or id begins with "orders".
    .EXAMPLE
        Get-CorootContainer -State running | Sort-Object -Property MemoryBytes -Descending | Select-Object -First 5

        Lists the five running containers with the most memory.
    .EXAMPLE
        Get-CorootContainer | Where-Object { $_.Listeners.Address -like '*:443' }

        Lists the containers that listen on port 443.
    .INPUTS
        System.String
    .OUTPUTS
        CorootAgent.Container
    .LINK
        Get-CorootConnection
    .LINK
        Get-CorootService
    .LINK
        Get-CorootAgent
    .LINK
        about_CorootAgent
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Container')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('Id', 'ContainerId')]
        [SupportsWildcards()]
        [AllowEmptyString()]
        [string[]] $Name,

        [ArgumentCompleter({ 'running', 'young', 'shared', 'gone' })]
        [SupportsWildcards()]
        [string[]] $State,

        [Parameter(ValueFromPipelineByPropertyName)]
        [Alias('AgentAddress')]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $typed = $PSBoundParameters.ContainsKey('Name')
        $answers = @{}
    }

    process {
        if (-not $answers.ContainsKey($Address)) {
            $request = @{ Address = $Address; TimeoutSec = $TimeoutSec; Cmdlet = $PSCmdlet }
            $answers[$Address] = @(Invoke-CorootRequest @request -Path '/api/v1/containers' -Converter 'ConvertTo-CorootContainer')
        }
        $found = $answers[$Address]
        if ($PSBoundParameters.ContainsKey('Name')) {
            $literal = -not $typed -and $_ -isnot [string]
            $found = Select-CorootItem -Item $found -Text $Name -Property Name, Id -Literal:$literal -Kind container -Cmdlet $PSCmdlet
        }
        if ($State) { $found = Select-CorootItem -Item $found -Text $State -Property State }
        $found
    }
}
