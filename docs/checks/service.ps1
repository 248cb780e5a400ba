# Checks on Windows the parts of a service that Wine lacks, and prints a report: recovery, SIDs, access lists,
# privileges, preshutdown, events. Run it elevated in the folder of the project, after one `npm start` there.
# It installs the service, changes it and removes it.
[CmdletBinding()]
param(
    # The command that runs coroot-agent.
    [string[]] $Agent = @((Convert-Path -Path '.tools/toolchain/node_modules/node-win-*/bin/node.exe'), 'dist/main.js'),

    # Also kills the service three times and checks its recovery, which takes two minutes.
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
$principal = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList $identity
if (-not $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    throw 'Run this from an elevated prompt: Start-Process powershell -Verb RunAs'
}
if (Get-Service -Name $name -ErrorAction SilentlyContinue) {
    throw "The service $name already exists; remove it first: coroot-agent service uninstall"
}
$system = (Get-CimInstance -ClassName Win32_OperatingSystem).Caption
$date = Get-Date -Format s
Write-Output "$system $([Environment]::OSVersion.Version), PowerShell $($PSVersionTable.PSVersion), $date"

$keys = @('HKLM:\SYSTEM\CurrentControlSet\Services', 'HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application')
$before = $keys | ForEach-Object -Process { (Get-ChildItem -Path $_ -ErrorAction SilentlyContinue).Name }

try {
    $output = Invoke-Agent -Arguments 'service', 'install', '--allow-unsafe-program'
    $good = $LASTEXITCODE -eq 0 -and ($output -join "`n") -notmatch 'is not changed'
    Add-Result -Check 'install makes every change' -Good $good -Found ($output -join ' | ')
    $second = (Invoke-Agent -Arguments 'service', 'install', '--allow-unsafe-program') -join ' | '
    Add-Result -Check 'a second install changes nothing' -Good ($second -match 'Nothing to change') -Found $second

    $failure = Get-ServiceQuery -Verb 'qfailure'
    $absent = @('86400', '5000', '30000', '60000' | Where-Object -FilterScript { $failure -notmatch $_ })
    Add-Result -Check 'recovery after 5, 30 and 60 s, reset after a day' -Good ($absent.Count -eq 0) -Found $failure
    $flag = Get-ServiceQuery -Verb 'qfailureflag'
    Add-Result -Check 'recovery after an exit with an error' -Good ($flag -match ':\s*TRUE') -Found $flag
    $sidType = Get-ServiceQuery -Verb 'qsidtype'
    Add-Result -Check 'service SID unrestricted' -Good ($sidType -match 'UNRESTRICTED') -Found $sidType
    $privileges = Get-ServiceQuery -Verb 'qprivs'
    $count = [regex]::Matches($privileges, 'Se\w+Privilege').Count
    Add-Result -Check 'two privileges' -Good ($count -eq 2) -Found $privileges
    $preshutdown = Get-ServiceQuery -Verb 'qpreshutdown'
    Add-Result -Check 'preshutdown timeout of 15 s' -Good ($preshutdown -match '15000') -Found $preshutdown
    $config = Get-ItemProperty -Path "HKLM:\SYSTEM\CurrentControlSet\Services\$name"
    $good = $config.Start -eq 2 -and $config.DelayedAutostart -eq 1
    Add-Result -Check 'delayed start' -Good $good -Found "$($config.Start) $($config.DelayedAutostart)"

    $acl = Get-Acl -Path $folder
    $sid = [Security.Principal.SecurityIdentifier]
    $serviceAccount = New-Object -TypeName Security.Principal.NTAccount -ArgumentList "NT SERVICE\$name"
    $allowed = @('S-1-5-18', 'S-1-5-32-544', $serviceAccount.Translate($sid).Value)
    $found = @($acl.GetAccessRules($true, $true, $sid) |
            ForEach-Object -Process { $_.IdentityReference.Value } |
            Select-Object -Unique)
    $difference = Compare-Object -ReferenceObject $allowed -DifferenceObject $found
    $good = $acl.AreAccessRulesProtected -and -not $difference
    Add-Result -Check 'folder: three accounts in the access list, none inherited' -Good $good -Found $acl.Sddl
    $good = $acl.GetOwner($sid).Value -eq 'S-1-5-32-544'
    Add-Result -Check 'folder: owned by Administrators' -Good $good -Found $acl.Owner

    $watch = [Diagnostics.Stopwatch]::StartNew()
    Start-Service -Name $name
    $elapsed = $watch.ElapsedMilliseconds
    Add-Result -Check 'running within a second' -Good ($elapsed -lt 1000) -Found "$elapsed ms"
    Start-Sleep -Seconds 20
    $status = Invoke-Agent -Arguments 'status', '-o', 'json'
    $missing = $status
    if ($LASTEXITCODE -eq 0) {
        $missing = (($status -join "`n") | ConvertFrom-Json).missing |
            ForEach-Object -Process { "$($_.part): $($_.reason)" }
    }
    $good = $LASTEXITCODE -eq 0 -and ($missing -join "`n") -notmatch 'access denied|privilege'
    Add-Result -Check 'the privileges suffice: no access is denied' -Good $good -Found ($missing -join ' | ')
    $id = (Get-CimInstance -ClassName Win32_Service -Filter "Name='$name'").ProcessId
    $children = Get-CimInstance -ClassName Win32_Process -Filter "ParentProcessId=$id"
    Add-Result -Check 'one process without children' -Good (-not $children) -Found $id
    $events = @(Get-WinEvent -ProviderName $name -MaxEvents 50 -ErrorAction SilentlyContinue)
    $good = $events.Count -gt 0 -and $events[-1].Message -match "$name .* collects"
    $found = $events | Select-Object -First 1 -ExpandProperty Message
    Add-Result -Check 'events have texts' -Good $good -Found $found

    $watch.Restart()
    Stop-Service -Name $name
    $elapsed = $watch.ElapsedMilliseconds
    $good = $elapsed -lt 10000 -and -not (Get-Process -Id $id -ErrorAction SilentlyContinue)
    Add-Result -Check 'stopped within its wait hint' -Good $good -Found "$elapsed ms"

    if ($Recovery) {
        Start-Service -Name $name
        foreach ($wait in 5, 30, 60) {
            $id = (Get-CimInstance -ClassName Win32_Service -Filter "Name='$name'").ProcessId
            Stop-Process -Id $id -Force
            Start-Sleep -Seconds ($wait - 2)
            $early = (Get-Service -Name $name).Status -eq 'Running'
            $restarted = Wait-State -State 'Running' -Seconds 10
            $found = "early: $early, restarted: $restarted"
            Add-Result -Check "restarted after $wait s" -Good ($restarted -and -not $early) -Found $found
        }
        Stop-Service -Name $name
    }

    $virtual = Invoke-Agent -Arguments 'service', 'install', '--allow-unsafe-program', '--account', 'virtual'
    Start-Service -Name $name
    $account = (Get-CimInstance -ClassName Win32_Service -Filter "Name='$name'").StartName
    $good = $account -eq "NT SERVICE\$name" -and (Get-Service -Name $name).Status -eq 'Running'
    Add-Result -Check 'the account of the installed service becomes virtual' -Good $good -Found ($virtual -join ' | ')
    Stop-Service -Name $name
    $system = Invoke-Agent -Arguments 'service', 'install', '--allow-unsafe-program', '--account', 'system'
    Start-Service -Name $name
    $account = (Get-CimInstance -ClassName Win32_Service -Filter "Name='$name'").StartName
    $good = $account -eq 'LocalSystem' -and (Get-Service -Name $name).Status -eq 'Running'
    Add-Result -Check 'and LocalSystem again' -Good $good -Found ($system -join ' | ')
    Stop-Service -Name $name
}
finally {
    $removed = Invoke-Agent -Arguments 'service', 'uninstall'
    Add-Result -Check 'uninstall' -Good ($LASTEXITCODE -eq 0) -Found ($removed -join ' | ')
}
$after = $keys | ForEach-Object -Process { (Get-ChildItem -Path $_ -ErrorAction SilentlyContinue).Name }
$difference = Compare-Object -ReferenceObject $before -DifferenceObject $after
$good = -not $difference -and -not (Test-Path -Path $folder)
Add-Result -Check 'uninstall removes every key and the data folder' -Good $good -Found $difference
$bad = @($results | Where-Object -FilterScript { -not $_.Good }).Count
Write-Output "$($results.Count - $bad) good, $bad bad"
Write-Output @'
By hand: restart Windows while the service runs. Get-WinEvent -ProviderName CorootAgent must then show
"Windows shuts down, stopping" and id 2.
'@
