# Checks on Windows what protects the data folder and the program of the service, and prints a report. Run it elevated
# in the folder of the project, after one `npm start` there. It installs the service, spoils its files and removes it.
[CmdletBinding()]
param(
    # The command that runs coroot-agent.
    [string[]] $Agent = @((Convert-Path -Path '.tools/toolchain/node_modules/node-win-*/bin/node.exe'), 'dist/main.js')
)

$ErrorActionPreference = 'Stop'
$folder = Join-Path -Path $env:ProgramData -ChildPath 'CorootAgent'
$settings = Join-Path -Path $folder -ChildPath 'settings.json'
$system32 = Join-Path -Path $env:SystemRoot -ChildPath 'System32'
$icacls = Join-Path -Path $system32 -ChildPath 'icacls.exe'
$cmd = Join-Path -Path $system32 -ChildPath 'cmd.exe'
$users = '*S-1-5-32-545'
$program, $first = $Agent
$results = New-Object -TypeName 'System.Collections.Generic.List[bool]'

function Add-Result {
    param([string] $Check, [bool] $Good, [object] $Found)
    $results.Add($Good)
    $word = if ($Good) { 'good' } else { 'BAD ' }
    Write-Output "$word  $Check"
    if (-not $Good) { Write-Output "      found: $Found" }
}

function Invoke-Agent {
    param([string[]] $Arguments)
    $before = $ErrorActionPreference
    $ErrorActionPreference = 'Continue'
    try { (& $program @first @Arguments 2>&1 | ForEach-Object -Process { "$_" }) -join "`n" }
    finally { $ErrorActionPreference = $before }
}

function Install-Service { Invoke-Agent -Arguments 'service', 'install', '--allow-unsafe-program' }

function Set-Settings {
    Set-Content -Path $settings -Value '{"region": "x"}'
    & $icacls $settings /setowner '*S-1-5-32-544' | Out-Null
    & $icacls $settings /inheritance:r /grant:r '*S-1-5-18:F' '*S-1-5-32-544:F' | Out-Null
}

if ((Get-Service -Name 'CorootAgent' -ErrorAction SilentlyContinue) -or (Test-Path -Path $folder)) {
    throw "Remove the service and $folder first: coroot-agent service uninstall"
}
try {
    $found = Invoke-Agent -Arguments 'service', 'install'
    $inside = $PWD.Path -like "$env:ProgramFiles\*"
    $good = $inside -or $LASTEXITCODE -eq 14
    Add-Result -Check 'a program outside Program Files is refused' -Good $good -Found $found
    $found = Install-Service
    Set-Settings
    Add-Result -Check 'install' -Good ($LASTEXITCODE -eq 0) -Found $found
    $found = Invoke-Agent -Arguments 'config'
    Add-Result -Check 'config reads the settings' -Good ($LASTEXITCODE -eq 0 -and $found -match 'region') -Found $found

    # As the service, through its own SID: it must not be able to rename the folder or change the settings.
    $sddl = (Get-Acl -Path $folder).Sddl
    $sid = (New-Object -TypeName Security.Principal.NTAccount -ArgumentList 'NT SERVICE\CorootAgent').Translate(
        [Security.Principal.SecurityIdentifier]).Value
    $own = [regex]::Matches($sddl, "\(A;(?<flags>\w*);(?<mask>\w+);;;$sid\)")
    $good = $own.Count -eq 2 -and @($own | Where-Object -FilterScript { $_.Groups['flags'].Value -eq '' -and
                $_.Groups['mask'].Value -eq '0x1201bf' }).Count -eq 1
    Add-Result -Check 'the service has no right to delete or rename the folder' -Good $good -Found $sddl

    & $icacls $settings /grant "${users}:R" | Out-Null
    $found = Invoke-Agent -Arguments 'config'
    Add-Result -Check 'settings that users may read are refused' -Good ($LASTEXITCODE -eq 12) -Found $found
    if ($found -match 'To repair it: (.+)') { & $cmd /c $Matches[1].Trim() | Out-Null }
    $found = Invoke-Agent -Arguments 'config'
    Add-Result -Check 'the command in the message repairs them' -Good ($LASTEXITCODE -eq 0) -Found $found

    & $icacls $folder /grant "${users}:(OI)(CI)M" | Out-Null
    $found = Invoke-Agent -Arguments 'run'
    Add-Result -Check 'run refuses a folder that users may change' -Good ($LASTEXITCODE -eq 12) -Found $found
    $found = Install-Service
    $aside = @(Get-ChildItem -Path "$folder.unsafe-*")
    $good = $aside.Count -eq 1 -and @(Get-ChildItem -Path $folder).Count -eq 0
    Add-Result -Check 'install moves it aside and copies nothing' -Good $good -Found $found
    $aside | Remove-Item -Recurse

    & $icacls $folder /grant "${users}:(OI)(CI)M" | Out-Null
    $found = Invoke-Agent -Arguments 'run'
    if ($found -match 'To repair it: (.+)') { & $cmd /c $Matches[1].Trim() | Out-Null }
    $aside = @(Get-ChildItem -Path "$folder.unsafe-*")
    Add-Result -Check 'the command in the message moves it aside' -Good ($aside.Count -eq 1) -Found $found
    $aside | Remove-Item -Recurse

    $target = Join-Path -Path $env:ProgramData -ChildPath 'CorootAgentTarget'
    New-Item -Path $target -ItemType Directory | Out-Null
    $before = (Get-Acl -Path $target).Sddl
    & $cmd /c mklink /j $folder $target | Out-Null
    $found = Install-Service
    $good = $LASTEXITCODE -eq 10 -and $found -match 'rmdir' -and (Get-Acl -Path $target).Sddl -eq $before
    Add-Result -Check 'install refuses a junction and leaves its target alone' -Good $good -Found $found
    $found = Invoke-Agent -Arguments 'run'
    if ($found -match 'To repair it: (.+)') { & $cmd /c $Matches[1].Trim() | Out-Null }
    $good = -not (Test-Path -Path $folder) -and (Test-Path -Path $target)
    Add-Result -Check 'the command in the message removes the junction only' -Good $good -Found $found
    Remove-Item -Path $target

    New-Item -Path $folder -ItemType Directory | Out-Null
    & $icacls $folder /inheritance:r /grant:r "${users}:(OI)(CI)F" /deny '*S-1-5-32-544:(RC)' | Out-Null
    $found = Invoke-Agent -Arguments 'run'
    Add-Result -Check 'an access list that denies READ_CONTROL is refused' -Good ($LASTEXITCODE -eq 12) -Found $found
    $found = Install-Service
    Add-Result -Check 'and install replaces the folder' -Good ($LASTEXITCODE -eq 0) -Found $found

    foreach ($path in '\\.\pipe\coroot-check', 'NUL', '\\localhost\pipe\coroot-check') {
        $found = Invoke-Agent -Arguments 'config', '--settings-file', $path
        $good = $LASTEXITCODE -eq 2 -and $found -match 'pipe'
        Add-Result -Check "$path is no settings file" -Good $good -Found $found
    }
    $named = Join-Path -Path $env:PUBLIC -ChildPath 'coroot-check.json'
    Set-Content -Path $named -Value '{}'
    $env:COROOT_SETTINGS_FILE = $named
    $found = Invoke-Agent -Arguments 'config'
    Add-Result -Check 'COROOT_SETTINGS_FILE in a public folder is refused' -Good ($LASTEXITCODE -eq 12) -Found $found
    $env:COROOT_SETTINGS_FILE = $null
    Remove-Item -Path $named
}
finally {
    Write-Output (Invoke-Agent -Arguments 'service', 'uninstall')
    Get-ChildItem -Path "$folder.unsafe-*" | ForEach-Object -Process { Write-Output "left: $($_.FullName)" }
}
$bad = @($results | Where-Object -FilterScript { -not $_ }).Count
Write-Output "$($results.Count - $bad) good, $bad bad"
