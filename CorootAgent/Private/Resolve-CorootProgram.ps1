# The command line that starts `coroot-agent` on this machine: a program and, for a script, the script.
function Resolve-CorootProgram {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        # The program or script that -AgentPath names.
        [string] $Path
    )

    if ($Path) {
        if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
            throw (New-CorootError -Id 'CorootAgentCommand' -Category ObjectNotFound -Target $Path `
                    -Message "There is no file $Path" -Hint 'Name coroot-agent or its dist/main.js with -AgentPath.')
        }
        return @(Get-CorootCommandLine -Path (Convert-Path -LiteralPath $Path))
    }
    # The installed program comes first, because the service runs it.
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\CorootAgent'
    $image = if (Test-Path -Path $key) { [string] (Get-ItemProperty -Path $key).ImagePath } else { '' }
    if ($image -match '^"([^"]+)" "([^"]+)[\\/]service\.js"$') {
        $main = Join-Path -Path $Matches[2] -ChildPath 'main.js'
        if ((Test-Path -LiteralPath $Matches[1]) -and (Test-Path -LiteralPath $main)) { return @($Matches[1], $main) }
    }
    $installed = @(Get-Command -Name 'coroot-agent' -CommandType Application -ErrorAction SilentlyContinue)
    if ($installed.Count -gt 0) { return @($installed[0].Path) }
    $built = Join-Path -Path (Split-Path -Path $PSScriptRoot -Parent | Split-Path -Parent) -ChildPath 'dist/main.js'
    if (Test-Path -LiteralPath $built) { return @(Get-CorootCommandLine -Path $built) }
    throw (New-CorootError -Id 'CorootAgentCommand' -Category ObjectNotFound -Target 'coroot-agent' `
            -Message 'coroot-agent is not installed on this machine' `
            -Hint 'Name it with -AgentPath; in the source tree, "npm run build" makes dist/main.js.')
}

# The command line of a file: a script runs on the node.exe beside it or on the path.
function Get-CorootCommandLine {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)]
        [string] $Path
    )

    if ($Path -notlike '*.js') { return @($Path) }
    $folder = Split-Path -Path $Path -Parent
    $beside = @('node.exe', '../node.exe' | ForEach-Object -Process { Join-Path -Path $folder -ChildPath $_ } |
            Where-Object -FilterScript { Test-Path -LiteralPath $_ })
    if ($beside.Count -gt 0) { return @($beside[0], $Path) }
    $node = Get-Command -Name 'node' -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($node) { return @($node.Path, $Path) }
    throw (New-CorootError -Id 'CorootAgentCommand' -Category ObjectNotFound -Target $Path `
            -Message "There is no Node to run $Path" -Hint 'Put node on the path.')
}
