function Get-CorootAgent {
    <#
    .SYNOPSIS
    Gets the state of CorootAgent: the host, the number of objects found, and everything that cannot be read.

    .DESCRIPTION
    Reads version, host, passes and sources of a running agent. State is starting, running or degraded. Problems lists
    every part of the host that cannot be read, with the reason. Missing adds the required right and the consequence of
    its absence. UnmatchedPatterns lists the patterns of settings that match no service or container of the host, with
    the setting of each. Deliveries has what is queued, delivered and dropped by destination. ConnectDetection is the
    source of connects: events, or the TCP tables for the reason in ConnectDetectionReason. Events is the state of the
    event session.

    .PARAMETER Address
    HOST:PORT of the agent. By default the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootAgent

    Shows the agent of this machine.

    .EXAMPLE
    if ((Get-CorootAgent).Problems) { Write-Warning 'Something cannot be read.' }

    Tests in a script whether the agent can read everything.

    .EXAMPLE
    (Get-CorootAgent).Sources | Format-Table

    Shows each source with its readings and failures.

    .EXAMPLE
    (Get-CorootAgent).Missing | Format-List

    Shows which rights the agent lacks.

    .EXAMPLE
    (Get-CorootAgent).Deliveries | Format-List

    Shows what was delivered to each destination, what is queued and what was dropped.

    .OUTPUTS
    CorootAgent.Agent

    .LINK
    Get-CorootContainer
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Agent')]
    param(
        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    Invoke-CorootQuery -Name 'Agent' -Address $Address -TimeoutSec $TimeoutSec -Caller $PSCmdlet -RowScript {
        param($status)
        $problems = @(
            $status.host.problem
            $status.agent.listenProblem
            $status.sources | ForEach-Object -Process { $_.problems }
            $status.deliveries | Where-Object -FilterScript { $_.problem } |
                ForEach-Object -Process { "delivery of $($_.destination): $($_.problem)" }
            if ($status.spool.problem) { "spool: $($status.spool.problem)" }
            $status.collectors | Where-Object -FilterScript { $_.failures -gt 0 } |
                ForEach-Object -Process { "collector $($_.name): $($_.lastError)" }
        ) | Where-Object -FilterScript { $_ }
        $problems = @($problems)
        $state = 'running'
        if ($problems.Count -gt 0) { $state = 'degraded' }
        if ($status.passes.count -eq 0) { $state = 'starting' }
        Add-Member -InputObject $status -NotePropertyMembers @{ state = $state; problems = $problems } -PassThru
    }
}
