# Get-CorootService: every Windows service and whether it is a container.
function Get-CorootService {
    <#
    .SYNOPSIS
        Lists all Windows services, and the rule by which each is or is not a container.
    .DESCRIPTION
        Asks a running CorootAgent for the services of its host. Rule names what decided about a service, and Explanation says it in
        words; ContainerId is the container that it is, if it is one.

        A name without wildcards that names no service is an error that does not end the pipeline, as with Get-Service; a pattern
        that matches nothing gives nothing. When the last poll of the service control manager failed, a warning says so.
    .PARAMETER Name
        Names of services, with wildcards. Of objects from the pipeline, such as those of Get-Service, the property Name or
        ServiceName is taken as it is.
    .PARAMETER Rule
        Only services that one of these rules decided about, with wildcards: selected, or not-running, manual-start, disabled,
        triggered, per-user, unreadable, driver, denied, not-allowed.
    .PARAMETER Address
        HOST:PORT of the agent. By default the environment variable COROOT_LISTEN, or 127.0.0.1:10300. Objects of this module
        from the pipeline bring the address that they came from.
    .PARAMETER TimeoutSec
        Seconds to wait for the whole answer, 10 by default.
    .EXAMPLE
        Get-CorootService

        Lists all services.
    .EXAMPLE
        Get-CorootService Spooler | Format-List

        Says in words why the service Spooler is or is not a container.
    .EXAMPLE
        Get-CorootService -Rule unreadable, triggered

        Lists the services whose configuration may not be read and those that are started by triggers.
    .EXAMPLE
        Get-CorootService -Rule selected | Get-CorootContainer

        Lists the containers that are services.
    .INPUTS
        System.String
    .OUTPUTS
        CorootAgent.Service
    .LINK
        Get-CorootContainer
    .LINK
        Get-CorootConnection
    .LINK
        Get-CorootAgent
    .LINK
        about_CorootAgent
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Service')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('ServiceName')]
        [SupportsWildcards()]
        [AllowEmptyString()]
        [string[]] $Name,

        [ArgumentCompleter({ 'selected', 'not-running', 'manual-start', 'disabled', 'triggered', 'per-user', 'unreadable', 'driver', 'denied', 'not-allowed' })]
        [SupportsWildcards()]
        [string[]] $Rule,

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
            $answers[$Address] = @(Invoke-CorootRequest @request -Path '/api/v1/services' -Converter 'ConvertTo-CorootService')
        }
        $found = $answers[$Address]
        if ($PSBoundParameters.ContainsKey('Name')) {
            $literal = -not $typed -and $_ -isnot [string]
            $found = Select-CorootItem -Item $found -Text $Name -Property Name -Literal:$literal -Kind service -Cmdlet $PSCmdlet
        }
        if ($Rule) { $found = Select-CorootItem -Item $found -Text $Rule -Property Rule }
        $found
    }
}
