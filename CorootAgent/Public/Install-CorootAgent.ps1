function Install-CorootAgent {
    <#
    .SYNOPSIS
    Installs CorootAgent as a Windows service, or repairs what differs from a fresh installation.

    .DESCRIPTION
    Creates the service with delayed start, recovery actions and few privileges, its source in the Event Log and its
    protected data folder. An existing installation is compared with a fresh one, and only what differs is changed. The
    service is not started. This needs an elevated prompt; -WhatIf does not.

    .PARAMETER Account
    System is LocalSystem with few privileges. Virtual is a virtual account of the service with fewer rights, which
    cannot read everything. By default the account stays as it is, and a new service gets System.

    .PARAMETER ReplaceCorootAgent
    Replaces Coroot's own Windows agent: imports its settings, stops and disables it. Uninstall-CorootAgent
    -RestoreCorootAgent restores it.

    .PARAMETER AllowUnsafeProgram
    Installs although other accounts can change node.exe, the agent or a folder above them. Those accounts get the
    rights of the service: only for test machines.

    .PARAMETER AgentPath
    The program coroot-agent, or its main.js. By default the program of the service, else that beside the
    module. The path is not searched.

    .PARAMETER WhatIf
    Shows what would be changed, and changes nothing.

    .PARAMETER Confirm
    Asks before anything is changed.

    .EXAMPLE
    Install-CorootAgent -WhatIf

    Shows what would be installed.

    .EXAMPLE
    Install-CorootAgent -Account Virtual -Verbose; Start-CorootAgent

    Installs the service with few rights, shows each step, and starts it.

    .EXAMPLE
    Install-CorootAgent -ReplaceCorootAgent

    Replaces Coroot's own agent and imports its settings.

    .OUTPUTS
    CorootAgent.Installation

    .LINK
    Start-CorootAgent
    .LINK
    Uninstall-CorootAgent
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType('CorootAgent.Installation')]
    param(
        [ValidateSet('System', 'Virtual')]
        [string] $Account,

        [switch] $ReplaceCorootAgent,

        [switch] $AllowUnsafeProgram,

        [ValidateNotNullOrEmpty()]
        [string] $AgentPath
    )

    $command = @{ AgentPath = $AgentPath; Caller = $PSCmdlet }
    $arguments = @('install')
    if ($Account) { $arguments += '--account', $Account.ToLowerInvariant() }
    if ($ReplaceCorootAgent) { $arguments += '--replace-coroot-agent' }
    if ($AllowUnsafeProgram) { $arguments += '--allow-unsafe-program' }
    if ($PSCmdlet.ShouldProcess('CorootAgent', 'Install the service')) {
        Invoke-CorootServiceCommand @command -Argument $arguments
    }
    elseif ($WhatIfPreference) {
        Invoke-CorootServiceCommand @command -Argument $arguments -DryRun
    }
}
