# Which rows a filter selects: an empty, mistyped or unknown value is an error, a filter that no row matches is not.
BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
    . (Join-Path -Path $PSScriptRoot -ChildPath 'Rows.ps1')
    $script:agent = Start-FakeAgent -Answers (New-HostAnswer)
    $script:before = $env:COROOT_LISTEN
    $env:COROOT_LISTEN = $agent.Address
}

AfterAll {
    Stop-FakeAgent -Agent $agent
    $env:COROOT_LISTEN = $before
}

Describe 'An empty value' {
    It '<Command> -<Name> <Text> is refused before anything is asked for' -ForEach @(
        $parameters = @{
            'Get-CorootContainer'    = 'Name', 'State'
            'Get-CorootConnection'   = 'Container', 'Destination'
            'Get-CorootDnsRequest'   = 'Container', 'Domain', 'Type', 'Status'
            'Get-CorootListener'     = 'Container', 'Service', 'Listener'
            'Get-CorootProcess'      = 'Container', 'ProcessName'
            'Get-CorootService'      = 'Name', 'Rule'
            'Get-CorootServiceGroup' = , 'Name'
            'Get-CorootGpu'          = , 'Gpu'
        }
        foreach ($command in $parameters.Keys) {
            foreach ($name in $parameters[$command]) {
                @{ Command = $command; Name = $name; Text = 'null'; Value = $null }
                @{ Command = $command; Name = $name; Text = 'of no text'; Value = '' }
                @{ Command = $command; Name = $name; Text = 'of an empty list'; Value = @() }
                @{ Command = $command; Name = $name; Text = 'with an empty element'; Value = @('running', '') }
            }
        }
        @{ Command = 'Get-CorootProcess'; Name = 'ProcessId'; Text = 'null'; Value = $null }
        @{ Command = 'Get-CorootProcess'; Name = 'ProcessId'; Text = 'of an empty list'; Value = @() }
    ) {
        $agent.Paths.Clear()
        $argument = @{ $Name = $Value }
        { & $Command @argument } | Should -Throw -ErrorId "ParameterArgumentValidationError,$Command"
        $agent.Paths | Should -BeNullOrEmpty
    }
}

Describe 'A value of a known set' {
    It '<Line> is refused, and the error lists the values' -ForEach @(
        @{ Line = 'Get-CorootContainer -State runing'; Known = 'running' }
        @{ Line = 'Get-CorootDnsRequest -Status servfial'; Known = 'servfail' }
        @{ Line = 'Get-CorootDnsRequest -Status ok, nxdomian*'; Known = 'nxdomain' }
        @{ Line = 'Get-CorootDnsRequest -Type TypeAAAAA'; Known = 'TypeAAAA' }
        @{ Line = 'Get-CorootDnsRequest -Type 65536'; Known = 'TypeA' }
        @{ Line = 'Get-CorootService -Rule manual'; Known = 'manual-start' }
    ) {
        $agent.Paths.Clear()
        $command = -split $Line | Select-Object -First 1
        try { & ([scriptblock]::Create($Line)) } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be "ParameterArgumentValidationError,$command"
        $problem.Exception.Message | Should -Match "\b$Known\b"
        $agent.Paths | Should -BeNullOrEmpty
    }

    It '<_> is accepted' -ForEach @(
        'Get-CorootContainer -State GONE', 'Get-CorootDnsRequest -Status servfail', 'Get-CorootDnsRequest -Status NX*',
        'Get-CorootDnsRequest -Type aaaa, TypeMX, 65, Type65535, ty*', 'Get-CorootService -Rule manual-*, selected'
    ) {
        { & ([scriptblock]::Create("$_ -ErrorAction Stop")) } | Should -Not -Throw
    }

    It 'completes <Line> with <Expected>' -ForEach @(
        @{ Line = 'Get-CorootDnsRequest -Status s'; Expected = @('servfail') }
        @{ Line = 'Get-CorootDnsRequest -Type typea'; Expected = @('TypeA', 'TypeAAAA', 'TypeANY') }
        @{ Line = 'Get-CorootDnsRequest -Type ptr'; Expected = @('TypePTR') }
        @{ Line = 'Get-CorootService -Rule s'; Expected = @('selected') }
        @{ Line = 'Get-CorootContainer -State r'; Expected = @('restarting', 'running') }
        @{ Line = 'Get-CorootContainer -Name sv'; Expected = @("'svc``[1``]'", 'svc1') }
        @{ Line = 'Get-CorootConnection -Container b'; Expected = @('big-idea') }
        @{ Line = 'Get-CorootService -Name i'; Expected = @('idle') }
        @{ Line = 'Get-CorootListener -Service s'; Expected = @('shop') }
    ) {
        $Error.Clear()
        $found = (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches
        $found.CompletionText | Should -Be $Expected
        $Error | Should -HaveCount 0
    }
}

Describe 'A name or id that the host does not have' {
    It '<Line> is an error' -ForEach @(
        @{ Line = 'Get-CorootContainer -Name no'; Name = 'no' }
        @{ Line = 'Get-CorootConnection -Container no'; Name = 'no' }
        @{ Line = 'Get-CorootListener -Service no'; Name = 'no' }
        @{ Line = 'Get-CorootListener -Service shop, no, n*'; Name = 'no' }
        @{ Line = 'Get-CorootListener -Listener 127.0.0.1:1'; Name = '127.0.0.1:1' }
        @{ Line = 'Get-CorootListener -Listener "[::1]:80"'; Name = '[::1]:80' }
        @{ Line = 'Get-CorootListener shop -Listener 127.0.0.1:1'; Name = '127.0.0.1:1' }
        @{ Line = 'Get-CorootProcess -ProcessName no'; Name = 'no' }
        @{ Line = 'Get-CorootProcess -ProcessName sho'; Name = 'sho' }
        @{ Line = 'Get-CorootProcess -ProcessId 999999'; Name = '999999' }
        @{ Line = 'Get-CorootProcess shop -ProcessId 100, 999999'; Name = '999999' }
        @{ Line = 'Get-CorootService -Name no'; Name = 'no' }
        @{ Line = 'Get-CorootServiceGroup -Name no'; Name = 'no' }
        @{ Line = 'Get-CorootGpu -Gpu no'; Name = 'no' }
        @{ Line = 'Get-CorootGpu 2'; Name = '2' }
    ) {
        $null = . ([scriptblock]::Create("$Line -ErrorVariable problem -ErrorAction SilentlyContinue"))
        $command = -split $Line | Select-Object -First 1
        @($problem.FullyQualifiedErrorId) | Should -Be @("CorootNotFound,$command")
        $problem[0].TargetObject | Should -Be $Name
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
}

Describe 'A filter that no row matches' {
    It '<_> returns nothing' -ForEach @(
        'Get-CorootContainer -Name shop -State stopped', 'Get-CorootService -Name idle -Rule selected',
        'Get-CorootListener -Service idle', 'Get-CorootListener -Listener "*:1"', 'Get-CorootListener -Service "n*"',
        'Get-CorootListener -Service idle -Listener 127.0.0.1:80', 'Get-CorootProcess -ProcessName "n*"',
        'Get-CorootProcess -ProcessName System -ProcessId 100'
    ) {
        & ([scriptblock]::Create("$_ -ErrorAction Stop")) | Should -BeNullOrEmpty
    }

    It '<_> returns the process' -ForEach @(
        'Get-CorootProcess -ProcessName shop', 'Get-CorootProcess -Name SHOP.EXE', 'Get-CorootProcess -Name "sh?p"',
        'Get-CorootProcess -Id 100'
    ) {
        (& ([scriptblock]::Create("$_ -ErrorAction Stop"))).ProcessId | Should -Be 100
    }

    It 'Get-CorootGpu <Name> returns the GPUs <Expected>' -ForEach @(
        @{ Name = 'gpu-1'; Expected = 1 }
        @{ Name = 0; Expected = 0 }
        @{ Name = 'sh*'; Expected = 0, 1 }
        @{ Name = 'GPU-[0-9]'; Expected = 0, 1 }
        @{ Name = 'no*'; Expected = @() }
    ) {
        @((Get-CorootGpu -Gpu $Name -ErrorAction Stop).Index) | Should -Be @($Expected)
    }

    It 'Get-CorootGpu warns that no GPU can be read' {
        $before = $agent.Answers['/api/v1/gpus']
        $agent.Answers['/api/v1/gpus'] = $before -replace '"running"', '"retrying"' -replace '("reason": *)""',
            "`$1`"nvml.dll: \u001b[31mno`""
        $null = Get-CorootGpu -WarningVariable warning -WarningAction SilentlyContinue
        $agent.Answers['/api/v1/gpus'] = $before
        "$warning" | Should -Match 'retrying'
        "$warning" | Should -Not -Match ([char] 27)
        "$warning" | Should -Match 'nvml\.dll'
    }

    It 'asks the control plane for a destination and a domain that are not among the rows' {
        $agent.Queries.Clear()
        $null = Get-CorootConnection -Container shop -Destination '10.9.9.9:1' -ErrorAction Stop
        $null = Get-CorootDnsRequest -Container shop -Domain 'a[b.example' -ErrorAction Stop
        $agent.Queries | Should -Be @(
            'container=shop&destination=10.9.9.9:1&limit=10000', 'destination=10.9.9.9:1&limit=1'
            'container=shop&domain=a[b.example&limit=10000', 'domain=a`[b.example&limit=1'
        )
    }
}

Describe 'More names than fit into one URL' {
    It 'returns each row of <_> once, when several patterns match its container' -ForEach @(
        'Get-CorootConnection', 'Get-CorootDnsRequest', 'Get-CorootListener', 'Get-CorootProcess'
    ) {
        # Each of the three patterns is too long to share a URL.
        $patterns = 'p', 'o', 'h' | ForEach-Object -Process { "/win/s*[$($_ * 4000)]*" }
        $agent.Queries.Clear()
        $rows = @($patterns | & $_ -ErrorAction Stop)
        # The answer is fixed; two of the processes are not of the container.
        $rows.Count | Should -Be $(if ($_ -eq 'Get-CorootProcess') { 2 } else { 1 })
        ($agent.Queries -replace '&limit.*') | Should -Be @('', 'container=/win/shop')
    }

    It 'asks for no rows when no container matches, and reports each plain name' {
        $names = 'a', 'b', 'c' | ForEach-Object -Process { $_ * 4000 }
        $agent.Paths.Clear()
        $null = $names | Get-CorootListener -ErrorVariable problem -ErrorAction SilentlyContinue
        @($problem.TargetObject) | Should -Be $names
        $agent.Paths | Should -Be @('/api/v1/containers')
    }

    It '<Command> -Limit <Limit> counts over all requests' -ForEach @(
        # Each of two requests is answered with one row.
        @{ Command = 'Get-CorootConnection'; Limit = 100; Count = 2; Limits = '100', '99'; Warnings = 0 }
        @{ Command = 'Get-CorootConnection'; Limit = 1; Count = 1; Limits = '1', '1'; Warnings = 1 }
        @{ Command = 'Get-CorootDnsRequest'; Limit = 1; Count = 1; Limits = '1', '1'; Warnings = 1 }
        @{ Command = 'Get-CorootDnsRequest -Summary'; Limit = 1; Count = 1; Limits = '1', '1'; Warnings = 1 }
    ) {
        $names = 'a', 'b' | ForEach-Object -Process { $_ * 4000 }
        $many = Start-FakeAgent -Answers (New-HostAnswer -Name $names)
        try {
            $line = "`$names | $Command -Limit $Limit -Address $($many.Address) -WarningAction SilentlyContinue"
            $rows = @(. ([scriptblock]::Create("$line -WarningVariable warning")))
            $rows.Count | Should -Be $Count
            @($many.Queries -match 'limit=' -replace '.*limit=') | Should -Be $Limits
            $warning | Should -HaveCount $Warnings
        }
        finally { Stop-FakeAgent -Agent $many }
    }
}
