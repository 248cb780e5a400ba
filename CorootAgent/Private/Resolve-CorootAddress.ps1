# The address of the agent: -Address, else the listen address in COROOT_LISTEN, else the default.
function Resolve-CorootAddress {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [string] $Address,

        # The cmdlet that reports an invalid address.
        [System.Management.Automation.PSCmdlet] $Caller = $PSCmdlet
    )

    if (-not $Address) { $Address = $env:COROOT_LISTEN }
    if (-not $Address) { return '127.0.0.1:10300' }
    # Without a port, the default port is added. An agent that listens on all addresses is reached through the loopback
    # address.
    $full = if ($Address -match '^([\w.-]+|\[[0-9a-fA-F:.]+\])$') { "${Address}:10300" } else { $Address }
    $full = $full -replace '^(0\.0\.0\.0)?:(\d+)$', '127.0.0.1:$2' -replace '^\[::\]:', '[::1]:'
    $hasPort = $full -match '^([\w.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$'
    $port = if ($hasPort) { [int] $Matches[2] } else { 0 }
    if ($port -ge 1 -and $port -le 65535 -and ("http://$full/" -as [uri]).IsAbsoluteUri) { return $full }
    $Caller.ThrowTerminatingError((New-CorootError -Id 'CorootAgentAddress' -Category InvalidArgument -Target $Address `
                -Message "'$Address' is not an address of an agent." `
                -Hint 'Write HOST:PORT, e.g. 127.0.0.1:10300 or [::1]:10300.'))
}
