function Install-CorootAgent {
    <#
    .SYNOPSIS
    Installs CorootAgent as a Windows service, or repairs what differs from a fresh installation.

    .DESCRIPTION
    Creates the service with delayed start, recovery, few privileges, its source in the Event Log and its protected data folder. What is
    there already is compared: a second time nothing is changed, and what somebody changed is put right. It does not start the service.
    It needs an elevated prompt; with -WhatIf it needs none.

    .PARAMETER Account
    System is LocalSystem with few privileges. Virtual is an account of the service's own, with fewer rights; some readings are lost.
    By default the account stays as it is, and a new service gets System.

    .PARAMETER ReplaceCorootAgent
    Takes the place of Coroot's own Windows agent: imports its settings, stops and disables it. Uninstall-CorootAgent
    -RestoreCorootAgent gives it its place back.

    .PARAMETER AgentPath
    The program coroot-agent, or its main.js. By default what the service runs, else coroot-agent on the path.

    .PARAMETER WhatIf
    Shows what would be changed, and changes nothing.

    .PARAMETER Confirm
    Asks before anything is changed.

    .EXAMPLE
    Install-CorootAgent -WhatIf

    Shows what would be installed.

    .EXAMPLE
    Install-CorootAgent -Account Virtual -Verbose; Start-CorootAgent

    Installs the service with few rights, tells each step, and starts it.

    .EXAMPLE
    Install-CorootAgent -ReplaceCorootAgent

    Takes over the settings and the place of Coroot's own agent.

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

        [ValidateNotNullOrEmpty()]
        [string] $AgentPath
    )

    try {
        $arguments = @('install')
        if ($Account) { $arguments += '--account', $Account.ToLowerInvariant() }
        if ($ReplaceCorootAgent) { $arguments += '--replace-coroot-agent' }
        if ($PSCmdlet.ShouldProcess('CorootAgent', 'Install the service')) {
            Invoke-CorootChange -AgentPath $AgentPath -Argument $arguments
        }
        elseif ($WhatIfPreference) {
            Invoke-CorootChange -AgentPath $AgentPath -Argument $arguments -DryRun
        }
    }
    catch {
        $PSCmdlet.ThrowTerminatingError($_)
    }
}
