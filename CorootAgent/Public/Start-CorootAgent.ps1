function Start-CorootAgent {
    <#
    .SYNOPSIS
    Starts the service CorootAgent and waits until it is running.

    .DESCRIPTION
    Unlike Start-Service, it reports why the service ended: the meaning of the exit code, and where to find more. It
    needs an elevated prompt.

    .PARAMETER AgentPath
    The program coroot-agent, or its main.js. By default the program of the service, else that beside the
    module. The path is not searched.

    .PARAMETER WhatIf
    Shows what would be changed, and changes nothing.

    .PARAMETER Confirm
    Asks before anything is changed.

    .EXAMPLE
    Start-CorootAgent

    Starts the service and returns its state.

    .EXAMPLE
    (Start-CorootAgent).ProcessId

    Starts the service and returns the id of its process.

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
    if ($PSCmdlet.ShouldProcess('CorootAgent', 'Start the service')) {
        Invoke-CorootServiceCommand @command -Argument 'start'
    }
    elseif ($WhatIfPreference) {
        Invoke-CorootServiceCommand @command -Argument 'start' -DryRun
    }
}
