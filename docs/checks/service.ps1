# Checks on a real Windows what Wine lacks of services: recovery, SIDs, access lists, privileges, preshutdown, events; prints a report.
# Run it elevated, in the folder of the project, after `npm start` there once; it installs the service, changes it, and removes it again.
[CmdletBinding()]
param(
    # How `coroot-agent` is called.
    [string[]] $Agent = @('node', 'dist/main.js'),

    # Also kills the service three times to watch its recovery, which takes two minutes.
    [switch] $Recovery
)

$ErrorActionPreference = 'Stop'
$name = 'CorootAgent'
$folder = Join-Path -Path $env:ProgramData -ChildPath $name
$program, $first = $Agent
$results = New-Object -TypeName 'System.Collections.Generic.List[object]'

function Add-Result {
    param([string] $Check, [bool] $Good, [object] $Found)
    $results.Add([pscustomobject]@{ Check = $Check; Good = $Good; Found = "$Found" })
    $word = if ($Good) { 'good' } else { 'BAD ' }
    Write-Output "$word  $Check"
    if (-not $Good) { Write-Output "      found: $Found" }
}

function Invoke-Agent {
    param([string[]] $Arguments)
    $before = $ErrorActionPreference
    $ErrorActionPreference = 'Continue'
    try { & $program @first @Arguments 2>&1 | ForEach-Object -Process { "$_" } }
    finally { $ErrorActionPreference = $before }
}

function Get-ServiceQuery {
    param([string] $Verb)
    (& "$env:SystemRoot\System32\sc.exe" $Verb $name 2>&1 | ForEach-Object -Process { "$_" }) -join "`n"
}

function Wait-State {
    param([string] $State, [int] $Seconds)
    $deadline = (Get-Date).AddSeconds($Seconds)
    while ((Get-Service -Name $name).Status -ne $State) {
        if ((Get-Date) -gt $deadline) { return $false }
        Start-Sleep -Milliseconds 50
    }
    $true
}

$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
if (-not (New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList $identity).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    throw 'Run this from an elevated prompt: Start-Process powershell -Verb RunAs'
}
if (Get-Service -Name $name -ErrorAction SilentlyContinue) { throw "There is a service $name already; remove it first: coroot-agent service uninstall" }
Write-Output "$((Get-CimInstance -ClassName Win32_OperatingSystem).Caption) $([Environment]::OSVersion.Version), PowerShell $($PSVersionTable.PSVersion), $(Get-Date -Format s)"

$keys = @('HKLM:\SYSTEM\CurrentControlSet\Services', 'HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application')
$before = $keys | ForEach-Object -Process { (Get-ChildItem -Path $_ -ErrorAction SilentlyContinue).Name }

try {
    $output = Invoke-Agent -Arguments 'service', 'install'
    Add-Result -Check 'install leaves nothing out' -Good ($LASTEXITCODE -eq 0 -and ($output -join "`n") -notmatch 'is left as it is') -Found ($output -join ' | ')
    $again = Invoke-Agent -Arguments 'service', 'install'
    Add-Result -Check 'a second time nothing changes' -Good (($again -join "`n") -match 'Nothing to change') -Found ($again -join ' | ')

    $failure = Get-ServiceQuery -Verb 'qfailure'
    Add-Result -Check 'recovery: 5, 30, 60 s, a day' -Good ($failure -match '86400' -and $failure -match '5000' -and $failure -match '30000' -and $failure -match '60000') -Found $failure
    Add-Result -Check 'recovery on errors' -Good ((Get-ServiceQuery -Verb 'qfailureflag') -match ':\s*TRUE') -Found (Get-ServiceQuery -Verb 'qfailureflag')
    Add-Result -Check 'service SID unrestricted' -Good ((Get-ServiceQuery -Verb 'qsidtype') -match 'UNRESTRICTED') -Found (Get-ServiceQuery -Verb 'qsidtype')
    Add-Result -Check 'privileges' -Good (([regex]::Matches((Get-ServiceQuery -Verb 'qprivs'), 'Se\w+Privilege').Count) -eq 2) -Found (Get-ServiceQuery -Verb 'qprivs')
    Add-Result -Check 'preshutdown 15 s' -Good ((Get-ServiceQuery -Verb 'qpreshutdown') -match '15000') -Found (Get-ServiceQuery -Verb 'qpreshutdown')
    $config = Get-ItemProperty -Path "HKLM:\SYSTEM\CurrentControlSet\Services\$name"
    Add-Result -Check 'delayed start' -Good ($config.Start -eq 2 -and $config.DelayedAutostart -eq 1) -Found "$($config.Start) $($config.DelayedAutostart)"

    $acl = Get-Acl -Path $folder
    $allowed = @('S-1-5-18', 'S-1-5-32-544', (New-Object -TypeName Security.Principal.NTAccount -ArgumentList "NT SERVICE\$name").Translate([Security.Principal.SecurityIdentifier]).Value)
    $found = @($acl.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier]) | ForEach-Object -Process { $_.IdentityReference.Value } | Select-Object -Unique)
    Add-Result -Check 'folder: three in its list, nothing inherited' -Good ($acl.AreAccessRulesProtected -and -not (Compare-Object -ReferenceObject $allowed -DifferenceObject $found)) -Found $acl.Sddl
    Add-Result -Check 'folder: owner' -Good ($acl.GetOwner([Security.Principal.SecurityIdentifier]).Value -eq 'S-1-5-32-544') -Found $acl.Owner

    $watch = [Diagnostics.Stopwatch]::StartNew()
    Start-Service -Name $name
    Add-Result -Check 'running within a second' -Good ($watch.ElapsedMilliseconds -lt 1000) -Found "$($watch.ElapsedMilliseconds) ms"
    Start-Sleep -Seconds 20
    $status = Invoke-Agent -Arguments 'status', '-o', 'json'
    $missing = if ($LASTEXITCODE -eq 0) { (($status -join "`n") | ConvertFrom-Json).missing | ForEach-Object -Process { "$($_.part): $($_.reason)" } } else { $status }
    Add-Result -Check 'the privileges suffice: nothing is refused' -Good ($LASTEXITCODE -eq 0 -and ($missing -join "`n") -notmatch 'access denied|privilege') -Found ($missing -join ' | ')
    $id = (Get-CimInstance -ClassName Win32_Service -Filter "Name='$name'").ProcessId
    Add-Result -Check 'one process, no child' -Good (-not (Get-CimInstance -ClassName Win32_Process -Filter "ParentProcessId=$id")) -Found $id
    $events = @(Get-WinEvent -ProviderName $name -MaxEvents 50 -ErrorAction SilentlyContinue)
    Add-Result -Check 'events have texts' -Good ($events.Count -gt 0 -and $events[-1].Message -match "$name .* collects") -Found ($events | Select-Object -First 1 -ExpandProperty Message)

    $watch.Restart()
    Stop-Service -Name $name
    Add-Result -Check 'stopped within its hint' -Good ($watch.ElapsedMilliseconds -lt 10000 -and -not (Get-Process -Id $id -ErrorAction SilentlyContinue)) -Found "$($watch.ElapsedMilliseconds) ms"

    & "$env:SystemRoot\System32\icacls.exe" $folder /grant '*S-1-5-32-545:(OI)(CI)M' | Out-Null
    $refused = Invoke-Agent -Arguments 'service', 'start'
    Add-Result -Check 'an unsafe folder is refused' -Good ($LASTEXITCODE -eq 10 -and ($refused -join "`n") -match 'code 12') -Found ($refused -join ' | ')
    $mended = Invoke-Agent -Arguments 'service', 'install'
    Add-Result -Check 'install repairs the folder' -Good ((Get-Acl -Path $folder).Sddl -notmatch 'BU\)') -Found ($mended -join ' | ')
    & "$env:SystemRoot\System32\icacls.exe" $folder /grant '*S-1-5-32-545:(OI)(CI)M' | Out-Null
    $command = (Invoke-Agent -Arguments 'run') -join "`n"
    if ($command -match 'To mend it: (.+)') { & "$env:SystemRoot\System32\cmd.exe" /c $Matches[1].Trim() | Out-Null }
    Add-Result -Check 'the command in the message repairs it, too' -Good ((Get-Acl -Path $folder).Sddl -notmatch 'BU\)') -Found (Get-Acl -Path $folder).Sddl

    if ($Recovery) {
        Start-Service -Name $name
        foreach ($wait in 5, 30, 60) {
            $id = (Get-CimInstance -ClassName Win32_Service -Filter "Name='$name'").ProcessId
            Stop-Process -Id $id -Force
            Start-Sleep -Seconds ($wait - 2)
            $early = (Get-Service -Name $name).Status -eq 'Running'
            $back = Wait-State -State 'Running' -Seconds 10
            Add-Result -Check "back after $wait s" -Good ($back -and -not $early) -Found "early: $early, back: $back"
        }
        Stop-Service -Name $name
    }

    $virtual = Invoke-Agent -Arguments 'service', 'install', '--account', 'virtual'
    Start-Service -Name $name
    $account = (Get-CimInstance -ClassName Win32_Service -Filter "Name='$name'").StartName
    Add-Result -Check 'runs with an account of its own' -Good ($account -eq "NT SERVICE\$name" -and (Get-Service -Name $name).Status -eq 'Running') -Found ($virtual -join ' | ')
    Stop-Service -Name $name
}
finally {
    $removed = Invoke-Agent -Arguments 'service', 'uninstall'
    Add-Result -Check 'uninstall' -Good ($LASTEXITCODE -eq 0) -Found ($removed -join ' | ')
}
$after = $keys | ForEach-Object -Process { (Get-ChildItem -Path $_ -ErrorAction SilentlyContinue).Name }
Add-Result -Check 'nothing is left' -Good (-not (Compare-Object -ReferenceObject $before -DifferenceObject $after) -and -not (Test-Path -Path $folder)) -Found (Compare-Object -ReferenceObject $before -DifferenceObject $after)
$bad = @($results | Where-Object -FilterScript { -not $_.Good }).Count
Write-Output "$($results.Count - $bad) good, $bad bad"
Write-Output 'By hand: restart Windows with the service running; Get-WinEvent -ProviderName CorootAgent must show "Windows shuts down, stopping" and id 2.'
