function Restart-CorootAgent {
    <#
    .SYNOPSIS
    Stops and starts the service CorootAgent.

    .DESCRIPTION
    Unlike Restart-Service it says why a service ends as it does: the exit code in words, and where to look. It needs an elevated prompt.

    .PARAMETER AgentPath
    The program coroot-agent, or its main.js. By default what the service runs, else coroot-agent on the path.

    .PARAMETER WhatIf
    Shows what would be changed, and changes nothing.

    .PARAMETER Confirm
    Asks before anything is changed.

    .EXAMPLE
    Restart-CorootAgent

    Does it, and returns the state of the service.

    .EXAMPLE
    Restart-CorootAgent -Verbose

    Tells each step.

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
        if ($PSCmdlet.ShouldProcess('CorootAgent', 'Restart the service')) {
            Invoke-CorootChange -AgentPath $AgentPath -Argument 'restart'
        }
        elseif ($WhatIfPreference) {
            Invoke-CorootChange -AgentPath $AgentPath -Argument 'restart' -DryRun
        }
    }
    catch {
        $PSCmdlet.ThrowTerminatingError($_)
    }
}
