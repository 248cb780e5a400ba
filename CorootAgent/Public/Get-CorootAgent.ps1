# Get-CorootAgent: the agent, its host and what it can and cannot read.
function Get-CorootAgent {
    <#
    .SYNOPSIS
        Shows the running agent, its host and what it can and cannot read.
    .DESCRIPTION
        Asks the control plane of a running CorootAgent for its status: version, host or tape, collection passes, how much it has
        found, each source with its problems, failing collectors, and the agent's own counters.

        State is "starting" before the first collection pass, "degraded" when a source is unavailable, and "running" otherwise.
        Problems lists in words what is missing. Times are local; the host's clock is the tape's on a replay.
    .PARAMETER Address
        HOST:PORT of the agent. By default the environment variable COROOT_LISTEN, or 127.0.0.1:10300.
    .PARAMETER TimeoutSec
        Seconds to wait for the whole answer, 10 by default.
    .EXAMPLE
        Get-CorootAgent

        Shows the agent of this machine.
    .EXAMPLE
        (Get-CorootAgent).Problems

        Lists what the agent cannot read on this host, and why.
    .EXAMPLE
        (Get-CorootAgent).Sources | Where-Object Failures -gt 0

        Shows the sources that have failed at some time, with how often and why.
    .EXAMPLE
        try { Get-CorootAgent } catch { if ($_.FullyQualifiedErrorId -like 'CorootAgentNotRunning,*') { 'not running' } else { throw } }

        Tells an agent that is not running from one that cannot be reached (CorootAgentNotReachable).
    .INPUTS
        None.
    .OUTPUTS
        CorootAgent.Agent
    .LINK
        Get-CorootContainer
    .LINK
        Get-CorootService
    .LINK
        Get-CorootConnection
    .LINK
        about_CorootAgent
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Agent')]
    param(
        [Parameter(Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    $request = @{ Address = $Address; TimeoutSec = $TimeoutSec; Cmdlet = $PSCmdlet }
    Invoke-CorootRequest @request -Path '/api/v1/status' -Converter 'ConvertTo-CorootAgent'
}
