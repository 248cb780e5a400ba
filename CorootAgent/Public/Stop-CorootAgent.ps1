function Stop-CorootAgent {
    <#
    .SYNOPSIS
    Stops the service CorootAgent and waits until it has stopped.

    .DESCRIPTION
    Unlike Stop-Service, it reports why the service ended: the meaning of the exit code, and where to find more. It
    needs an elevated prompt.

    .PARAMETER AgentPath
    The program coroot-agent, or its main.js. By default the program of the service, else that beside the
    module. The path is not searched.

    .PARAMETER WhatIf
    Shows what would be changed, and changes nothing.

    .PARAMETER Confirm
    Asks before anything is changed.

    .EXAMPLE
    Stop-CorootAgent

    Stops the service and returns its state.

    .EXAMPLE
    Stop-CorootAgent -WhatIf

    Shows the state of the service and leaves it running.

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

    $command = @{ AgentPath = $AgentPath; Caller = $PSCmdlet }
    if ($PSCmdlet.ShouldProcess('CorootAgent', 'Stop the service')) {
        Invoke-CorootServiceCommand @command -Argument 'stop'
    }
    elseif ($WhatIfPreference) {
        Invoke-CorootServiceCommand @command -Argument 'stop' -DryRun
    }
}
