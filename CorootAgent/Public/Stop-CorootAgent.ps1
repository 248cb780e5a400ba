function Stop-CorootAgent {
    <#
    .SYNOPSIS
    Stops the service CorootAgent and waits until it has stopped.

    .DESCRIPTION
    Unlike Stop-Service it says why a service ends as it does: the exit code in words, and where to look. It needs an elevated prompt.

    .PARAMETER AgentPath
    The program coroot-agent, or its main.js. By default what the service runs, else coroot-agent on the path.

    .PARAMETER WhatIf
    Shows what would be changed, and changes nothing.

    .PARAMETER Confirm
    Asks before anything is changed.

    .EXAMPLE
    Stop-CorootAgent

    Does it, and returns the state of the service.

    .EXAMPLE
    Stop-CorootAgent -WhatIf

    Tells the state of the service, and leaves it running.

    .OUTPUTS
    CorootAgent.Installation

    .LINK
    Install-CorootAgent
    .LINK
    Get-CorootAgent
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType('CorootAgent.Installation')]
    param(
        [ValidateNotNullOrEmpty()]
        [string] $AgentPath
    )

    try {
        if ($PSCmdlet.ShouldProcess('CorootAgent', 'Stop the service')) {
            Invoke-CorootChange -AgentPath $AgentPath -Argument 'stop'
        }
        elseif ($WhatIfPreference) {
            Invoke-CorootChange -AgentPath $AgentPath -Argument 'stop' -DryRun
        }
    }
    catch {
        $PSCmdlet.ThrowTerminatingError($_)
    }
}
