# The module covers the whole control plane: each route has a command, and each field of an answer is on its objects.
# The routes come from docs/api.md and the fields from the JSON schemas of the engine, so that neither depends on the
# module.
BeforeDiscovery {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    $page = Get-Content -Path (Join-Path -Path $root -ChildPath 'docs/api.md') -Raw
    $script:routes = [regex]::Matches($page, '`GET (/api/v1/[a-z-]+)`') |
        ForEach-Object -Process { @{ Route = $_.Groups[1].Value } }
    $script:node = $env:COROOT_TEST_NODE
}

BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
    $print = @'
import { resources } from './src/api/resources/index.ts';
const fields = Object.entries(resources).map(([name, each]) => [name + 'Schema', each.fields]);
console.log(JSON.stringify(Object.fromEntries(fields)));
'@
    Push-Location -Path $root
    try {
        $json = & $env:COROOT_TEST_NODE --input-type=module --no-warnings --eval $print
        $script:schemas = $json | ConvertFrom-Json -AsHashtable
    }
    finally { Pop-Location }

    # A value for a schema in which all texts and numbers differ; Leaves gets each with its path.
    $script:next = 1000
    function New-Value($Schema, [string] $Path, $Leaves) {
        switch (@($Schema.type)[0]) {
            'string' {
                $script:next += 7
                $text = "text-$next"
                $Leaves.Add(@{ Path = $Path; Value = $text })
                return $text
            }
            'boolean' { $Leaves.Add(@{ Path = $Path; Value = $true }); return $true }
            'array' { return , @(New-Value -Schema $Schema.items -Path "$Path[]" -Leaves $Leaves) }
            'object' {
                $made = [ordered]@{}
                if ($Schema.properties) {
                    foreach ($name in $Schema.properties.Keys) {
                        $made[$name] = New-Value -Schema $Schema.properties[$name] -Path "$Path.$name" -Leaves $Leaves
                    }
                }
                else {
                    $script:next += 7
                    $key = "key-$next"
                    $Leaves.Add(@{ Path = "$Path.*"; Value = $key })
                    $made[$key] = New-Value -Schema $Schema.additionalProperties -Path "$Path.$key" -Leaves $Leaves
                }
                return $made
            }
            default { $script:next += 7; $Leaves.Add(@{ Path = $Path; Value = $next }); return $next }
        }
    }

    # Every text and number below an object; times and time spans in the units of the control plane.
    function Get-Leaf($Object) {
        if ($null -eq $Object) { return }
        if ($Object -is [datetime]) { return [double] ([DateTimeOffset] $Object).ToUnixTimeMilliseconds() }
        if ($Object -is [timespan]) { return $Object.TotalSeconds }
        if ($Object -is [string]) { return $Object }
        if ($Object -is [bool] -or $Object -is [System.Management.Automation.SwitchParameter]) { return }
        if ($Object -is [System.Collections.IDictionary]) {
            foreach ($key in $Object.Keys) { $key; Get-Leaf -Object $Object[$key] }
            return
        }
        if ($Object -is [System.Collections.IEnumerable]) {
            foreach ($each in $Object) { Get-Leaf -Object $each }
            return
        }
        if ($Object -is [System.ValueType]) { return [double] $Object }
        foreach ($property in $Object.PSObject.Properties) { $property.Name; Get-Leaf -Object $property.Value }
    }

    $script:commands = @(Get-Command -Module CorootAgent -Name 'Get-Coroot*')
    # The objects and warnings of the commands that read a route.
    function Get-Everything([string] $At, [string] $Route) {
        foreach ($command in $commands) {
            $before = $agent.Paths.Count
            $splat = @{ Address = $At; WarningVariable = 'warned'; WarningAction = 'SilentlyContinue' }
            & $command @splat
            if ($agent.Paths[$before] -ne $Route) { continue }
            $warned | ForEach-Object -Process { "$_" }
            if ($command.Parameters.ContainsKey('Summary')) { & $command @splat -Summary }
        }
    }

    $script:page = Get-Content -Path (Join-Path -Path $root -ChildPath 'docs/api.md') -Raw
    $script:leaves = @{}
    $answers = @{}
    foreach ($match in [regex]::Matches($page, '`GET (/api/v1/[a-z-]+)`')) {
        $route = $match.Groups[1].Value
        $words = $route -replace '^/api/v1/'
        $name = [regex]::Replace($words, '-(.)', { $args[0].Groups[1].Value.ToUpperInvariant() }) + 'Schema'
        $leaves[$route] = [System.Collections.Generic.List[object]]::new()
        $answers[$route] = New-Value -Schema $schemas[$name] -Path '' -Leaves $leaves[$route] | ConvertTo-Json -Depth 20
    }
    $script:agent = Start-FakeAgent -Answers $answers
}

AfterAll {
    Stop-FakeAgent -Agent $agent
}

Describe 'The route <Route>' -ForEach $routes -Skip:(-not $node) {
    It 'has one command that reads it first' {
        $reading = foreach ($command in $commands) {
            $before = $agent.Paths.Count
            $null = & $command -Address $agent.Address -WarningAction SilentlyContinue
            if ($agent.Paths[$before] -eq $Route) { $command.Name }
        }
        @($reading).Count | Should -Be 1
    }

    It 'has each text and number of its answer on an object' {
        $leaves[$Route].Count | Should -BeGreaterThan 3
        $found = [System.Collections.Generic.HashSet[object]]::new()
        Get-Everything -At $agent.Address -Route $Route |
            ForEach-Object -Process { Get-Leaf -Object $_ } |
            ForEach-Object -Process { $null = $found.Add($_) }
        $missing = $leaves[$Route] | Where-Object -FilterScript {
            $value = if ($_.Value -is [string]) { $_.Value } else { [double] $_.Value }
            $_.Value -isnot [bool] -and -not $found.Contains($value)
        }
        $missing | ForEach-Object -Process { $_.Path } | Should -BeNullOrEmpty
    }

    It 'has each boolean of its answer on an object or in a warning' {
        $whole = $agent.Answers[$Route]
        $switches = @([regex]::Matches($whole, '": true'))
        $switches.Count | Should -Be @($leaves[$Route] | Where-Object -FilterScript { $_.Value -is [bool] }).Count
        $usual = Get-Everything -At $agent.Address -Route $Route | ConvertTo-Json -Depth 20
        try {
            foreach ($switch in $switches) {
                $head = $whole.Substring(0, $switch.Index)
                $field = $head.Split('"')[-1]
                $agent.Answers[$Route] = $head + '": false' + $whole.Substring($switch.Index + $switch.Length)
                $now = Get-Everything -At $agent.Address -Route $Route | ConvertTo-Json -Depth 20
                $now -ne $usual | Should -BeTrue -Because "'$field' should change an object or a warning"
            }
        }
        finally { $agent.Answers[$Route] = $whole }
    }
}
