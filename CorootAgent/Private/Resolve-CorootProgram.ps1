# The command line that starts `coroot-agent` on this machine: a program and, for a script, the script.
function Resolve-CorootProgram {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        # The program or script that -AgentPath names.
        [string] $Path,

        # The cmdlet that reports errors.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    if ($Path) {
        if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
            $noFile = @{ Id = 'CorootAgentCommand'; Category = 'ObjectNotFound'; Target = $Path }
            $Caller.ThrowTerminatingError((New-CorootError @noFile -Message "There is no file $Path" `
                        -Hint 'Name coroot-agent or its dist/main.js with -AgentPath.'))
        }
        return @(Get-CorootCommandLine -Path (Convert-Path -LiteralPath $Path) -Caller $Caller)
    }
    # The installed program comes first, because the service runs it.
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\CorootAgent'
    $image = if (Test-Path -Path $key) { [string] (Get-ItemProperty -Path $key).ImagePath } else { '' }
    if ($image -match '^"([^"]+)" "([^"]+)[\\/]service\.js"$') {
        $main = Join-Path -Path $Matches[2] -ChildPath 'main.js'
        if ((Test-Path -LiteralPath $Matches[1]) -and (Test-Path -LiteralPath $main)) { return @($Matches[1], $main) }
    }
    $installed = @(Get-Command -Name 'coroot-agent' -CommandType Application -ErrorAction Ignore)
    if ($installed.Count -gt 0) { return @($installed[0].Path) }
    $built = Join-Path -Path (Split-Path -Path $PSScriptRoot -Parent | Split-Path -Parent) -ChildPath 'dist/main.js'
    if (Test-Path -LiteralPath $built) { return @(Get-CorootCommandLine -Path $built -Caller $Caller) }
    $notInstalled = @{ Id = 'CorootAgentCommand'; Category = 'ObjectNotFound'; Target = 'coroot-agent' }
    $Caller.ThrowTerminatingError((New-CorootError @notInstalled `
                -Message 'coroot-agent is not installed on this machine' `
                -Hint 'Name it with -AgentPath; in the source tree, "npm run build" makes dist/main.js.'))
}

# The command line of a file: a script runs on the node.exe beside it or on the path.
function Get-CorootCommandLine {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        # The cmdlet that reports errors.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    if ($Path -notlike '*.js') { return @($Path) }
    $folder = Split-Path -Path $Path -Parent
    $beside = @('node.exe', '../node.exe' | ForEach-Object -Process { Join-Path -Path $folder -ChildPath $_ } |
            Where-Object -FilterScript { Test-Path -LiteralPath $_ })
    if ($beside.Count -gt 0) { return @($beside[0], $Path) }
    $node = Get-Command -Name 'node' -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    if ($node) { return @($node.Path, $Path) }
    $Caller.ThrowTerminatingError((New-CorootError -Id 'CorootAgentCommand' -Category ObjectNotFound -Target $Path `
                -Message "There is no Node to run $Path" -Hint 'Put node on the path.'))
}
