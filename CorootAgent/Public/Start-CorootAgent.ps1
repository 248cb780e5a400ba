function Start-CorootAgent {
    <#
    .SYNOPSIS
    Starts the service CorootAgent and waits until it runs.

    .DESCRIPTION
    Unlike Start-Service it says why a service ends as it does: the exit code in words, and where to look. It needs an elevated prompt.

    .PARAMETER AgentPath
    The program coroot-agent, or its main.js. By default what the service runs, else coroot-agent on the path.

    .PARAMETER WhatIf
    Shows what would be changed, and changes nothing.

    .PARAMETER Confirm
    Asks before anything is changed.

    .EXAMPLE
    Start-CorootAgent

    Does it, and returns the state of the service.

    .EXAMPLE
    (Start-CorootAgent).ProcessId

    Starts it and gets the id of its process.

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
        if ($PSCmdlet.ShouldProcess('CorootAgent', 'Start the service')) {
            Invoke-CorootChange -AgentPath $AgentPath -Argument 'start'
        }
        elseif ($WhatIfPreference) {
            Invoke-CorootChange -AgentPath $AgentPath -Argument 'start' -DryRun
        }
    }
    catch {
        $PSCmdlet.ThrowTerminatingError($_)
    }
}
