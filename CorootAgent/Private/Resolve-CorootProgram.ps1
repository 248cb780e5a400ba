# The command line that starts `coroot-agent` on this machine: a program and, for a script, the script. It is never
# searched on the path, because an elevated prompt has the folders of the user there, too.
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
    $found = @(Find-CorootProgram -Caller $Caller)
    if ($found.Count -gt 0) { return $found }
    $notInstalled = @{ Id = 'CorootAgentCommand'; Category = 'ObjectNotFound'; Target = 'coroot-agent' }
    $Caller.ThrowTerminatingError((New-CorootError @notInstalled `
                -Message 'coroot-agent is neither installed on this machine nor beside the module' `
                -Hint 'Name its file with -AgentPath; in the source tree, "npm run build" makes dist/main.js.'))
}

# The command line of the installed program, else of the one beside the module; nothing if there is neither.
function Find-CorootProgram {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        # The cmdlet that reports errors.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    # The installed program comes first, because the service runs it.
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\CorootAgent'
    $image = if (Test-Path -Path $key) { [string] (Get-ItemProperty -Path $key).ImagePath } else { '' }
    if ($image -match '^"([^"]+)" "([^"]+)[\\/]service\.js"$') {
        $main = Join-Path -Path $Matches[2] -ChildPath 'main.js'
        if ((Test-Path -LiteralPath $Matches[1]) -and (Test-Path -LiteralPath $main)) { return @($Matches[1], $main) }
    }
    $built = Join-Path -Path (Split-Path -Path $PSScriptRoot -Parent | Split-Path -Parent) -ChildPath 'dist/main.js'
    if (Test-Path -LiteralPath $built) { return @(Get-CorootCommandLine -Path $built -Caller $Caller) }
}

# The command line of a file. A script runs on the node beside it, or on that of the source tree.
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
    $name = if ($env:OS -eq 'Windows_NT') { 'node.exe' } else { 'node' }
    $places = @($name, "../$name", "../.tools/toolchain/node_modules/node-*/bin/$name")
    $node = $places | ForEach-Object -Process { Join-Path -Path $folder -ChildPath $_ } |
        Where-Object -FilterScript { Test-Path -Path $_ -PathType Leaf } |
        ForEach-Object -Process { Convert-Path -Path $_ } |
        Select-Object -First 1
    if ($node) { return @($node, $Path) }
    $Caller.ThrowTerminatingError((New-CorootError -Id 'CorootAgentCommand' -Category ObjectNotFound -Target $Path `
                -Message "There is no $name beside $Path to run it" `
                -Hint "Put $name into the folder of the script or the one above; the path is not searched."))
}
