function Uninstall-CorootAgent {
    <#
    .SYNOPSIS
    Stops and removes the service CorootAgent with its data.

    .DESCRIPTION
    Removes the service, its source in the Event Log, its memberships in groups and its data folder with settings and
    crash reports. This needs an elevated prompt; -WhatIf does not. It returns nothing.

    .PARAMETER KeepData
    Keeps the data folder.

    .PARAMETER RestoreCorootAgent
    Restores Coroot's own agent, which Install-CorootAgent replaced, with its start type and state.

    .PARAMETER AgentPath
    The program coroot-agent, or its main.js. By default the program of the service, else that beside the
    module. The path is not searched.

    .PARAMETER WhatIf
    Shows what would be changed, and changes nothing.

    .PARAMETER Confirm
    Asks before anything is changed.

    .EXAMPLE
    Uninstall-CorootAgent -WhatIf

    Shows what would be removed.

    .EXAMPLE
    Uninstall-CorootAgent -KeepData -Confirm:$false

    Removes the service without asking, and keeps its settings.

    .OUTPUTS
    CorootAgent.Installation

    .LINK
    Install-CorootAgent
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    [OutputType('CorootAgent.Installation')]
    param(
        [switch] $KeepData,

        [switch] $RestoreCorootAgent,

        [ValidateNotNullOrEmpty()]
        [string] $AgentPath
    )

    $command = @{ AgentPath = $AgentPath; Caller = $PSCmdlet }
    $arguments = @('uninstall')
    if ($KeepData) { $arguments += '--keep-data' }
    if ($RestoreCorootAgent) { $arguments += '--restore-coroot-agent' }
    if ($PSCmdlet.ShouldProcess('CorootAgent', 'Remove the service and its data')) {
        Invoke-CorootServiceCommand @command -Argument $arguments -NoState
    }
    elseif ($WhatIfPreference) {
        Invoke-CorootServiceCommand @command -Argument $arguments -DryRun
    }
}
