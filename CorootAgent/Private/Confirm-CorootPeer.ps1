# Lets coroot-agent check which process answers on an address before the module believes its answers: only Windows
# reports owners of sockets, and a command of PowerShell that reads them takes longer than the request.
function Confirm-CorootPeer {
    [CmdletBinding()]
    [OutputType([void])]
    param(
        # HOST:PORT.
        [Parameter(Mandatory)]
        [string] $Address,

        # The cmdlet that reports errors.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    # An address that the user or a piped object names also admits an agent in the foreground, as for coroot-agent.
    $isNamed = $Caller.MyInvocation.BoundParameters.ContainsKey('Address') -or
        $Address -ne (Resolve-CorootAddress -Address '' -Caller $Caller)
    $key = "$isNamed $Address"
    $known = $script:CorootPeers[$key]
    $isRecent = $known -and $known.Age.Elapsed.TotalSeconds -lt 60
    if ($isRecent -and $known.Process -and $known.Process -eq (Get-CorootPeerProcess -Id $known.Id -Address $Address)) {
        return
    }
    $script:CorootPeers.Remove($key)
    if (@(Find-CorootProgram -Caller $Caller).Count -eq 0) {
        # Nothing is installed that could be compared with: the user vouches for an address.
        if ($isNamed) { return }
        $unknown = @{ Id = 'CorootAgentForeign'; Category = 'SecurityError'; Target = $Address }
        $Caller.ThrowTerminatingError((New-CorootError @unknown `
                    -Message "coroot-agent is not installed here to check which process answers on $Address" `
                    -Hint 'Install it, or name the address of an agent that you trust with -Address HOST:PORT.'))
    }
    $words = '-o', 'json'
    if ($isNamed) { $words += '--address', $Address }
    $listen = $env:COROOT_LISTEN
    try {
        $env:COROOT_LISTEN = $Address
        $answer = (Invoke-CorootProgram -Command 'status' -Argument $words -Caller $Caller) -join "`n"
    }
    finally { $env:COROOT_LISTEN = $listen }
    $id = (ConvertFrom-Json -InputObject $answer).agent.pid
    $script:CorootPeers[$key] = @{
        Id      = $id
        Process = Get-CorootPeerProcess -Id $id -Address $Address
        Age     = [System.Diagnostics.Stopwatch]::StartNew()
    }
}

# By address: the id of the process that was checked, and the time since the check.
$script:CorootPeers = @{}

# Text that another process with the same id does not have: its start, where the account may read it. Empty for a
# process that does not exist; processes of other machines are not visible.
function Get-CorootPeerProcess {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [int] $Id,

        [Parameter(Mandatory)]
        [string] $Address
    )

    if (-not (Test-CorootLocalName -Name ($Address -replace ':\d+$').Trim('[', ']'))) { return 'remote' }
    $mark = Get-CorootErrorMark
    $process = Get-Process -Id $Id -ErrorAction SilentlyContinue
    $start = 'not readable'
    try { if ($process -and $process.StartTime) { $start = $process.StartTime.Ticks } }
    catch { $start = 'not readable' }
    Clear-CorootCaughtError -Mark $mark
    if ($process) { "$Id started $start" }
}

# Whether this is Windows; $IsWindows does not exist in Windows PowerShell.
function Test-CorootWindows {
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    [System.Environment]::OSVersion.Platform -eq 'Win32NT'
}
