# How `coroot-agent` is called on this machine: words of a command, the first one a program.
function Resolve-CorootCommand {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        # The program or script that was named, if one was.
        [string] $Path
    )

    if ($Path) {
        if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
            throw (New-CorootError -Id 'CorootAgentCommand' -Category ObjectNotFound -Target $Path -Message "There is no file $Path" `
                    -Hint 'Name coroot-agent or its dist/main.js with -AgentPath.')
        }
        return @(Get-CorootCommandWord -Path (Convert-Path -LiteralPath $Path))
    }
    # What is installed comes first: it is what the service runs.
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\CorootAgent'
    $image = if (Test-Path -Path $key) { [string] (Get-ItemProperty -Path $key).ImagePath } else { '' }
    if ($image -match '^"([^"]+)" "([^"]+)[\\/]service\.js"$') {
        $main = Join-Path -Path $Matches[2] -ChildPath 'main.js'
        if ((Test-Path -LiteralPath $Matches[1]) -and (Test-Path -LiteralPath $main)) { return @($Matches[1], $main) }
    }
    $installed = Get-Command -Name 'coroot-agent' -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($installed) { return @($installed.Path) }
    $built = Join-Path -Path (Split-Path -Path $PSScriptRoot -Parent | Split-Path -Parent) -ChildPath 'dist/main.js'
    if (Test-Path -LiteralPath $built) { return @(Get-CorootCommandWord -Path $built) }
    throw (New-CorootError -Id 'CorootAgentCommand' -Category ObjectNotFound -Target 'coroot-agent' -Message 'coroot-agent is not installed here' `
            -Hint 'Name it with -AgentPath; in the source tree, "npm run build" makes dist/main.js.')
}

# A script wants the Node that lies beside it or on the path.
function Get-CorootCommandWord {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)]
        [string] $Path
    )

    if ($Path -notlike '*.js') { return @($Path) }
    $folder = Split-Path -Path $Path -Parent
    $beside = @('node.exe', '../node.exe') | ForEach-Object -Process { Join-Path -Path $folder -ChildPath $_ } | Where-Object -FilterScript { Test-Path -LiteralPath $_ }
    if ($beside) { return @(@($beside)[0], $Path) }
    $node = Get-Command -Name 'node' -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($node) { return @($node.Path, $Path) }
    throw (New-CorootError -Id 'CorootAgentCommand' -Category ObjectNotFound -Target $Path -Message "There is no Node to run $Path with" -Hint 'Put node on the path.')
}
