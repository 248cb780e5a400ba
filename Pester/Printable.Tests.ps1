# Control, bidirectional and invisible characters of names on the host do not reach a terminal.
BeforeDiscovery {
    $script:characters = @(
        @{ Name = 'escape'; Code = 0x1B; Shown = [string] [char] 0x241B }
        @{ Name = 'line feed'; Code = 0x0A; Shown = [string] [char] 0x240A }
        @{ Name = 'delete'; Code = 0x7F; Shown = [string] [char] 0x2421 }
        @{ Name = 'control sequence introducer'; Code = 0x9B; Shown = '<U+009B>' }
        @{ Name = 'right-to-left override'; Code = 0x202E; Shown = '<U+202E>' }
        @{ Name = 'right-to-left isolate'; Code = 0x2067; Shown = '<U+2067>' }
        @{ Name = 'Arabic letter mark'; Code = 0x061C; Shown = '<U+061C>' }
        @{ Name = 'zero width space'; Code = 0x200B; Shown = '<U+200B>' }
        @{ Name = 'byte order mark'; Code = 0xFEFF; Shown = '<U+FEFF>' }
        @{ Name = 'soft hyphen'; Code = 0x00AD; Shown = '<U+00AD>' }
        @{ Name = 'line separator'; Code = 0x2028; Shown = '<U+2028>' }
        @{ Name = 'Hangul filler'; Code = 0x3164; Shown = '<U+3164>' }
        @{ Name = 'variation selector'; Code = 0xFE0F; Shown = '<U+FE0F>' }
        @{ Name = 'tag letter'; Code = 0xE0041; Shown = '<U+E0041>' }
    )
    $script:lines = @(
        'Get-CorootContainer', 'Get-CorootConnection', 'Get-CorootConnection | Format-Table -View Wide',
        'Get-CorootConnection -Failed', 'Get-CorootDnsRequest', 'Get-CorootDnsRequest -Summary', 'Get-CorootListener',
        'Get-CorootProcess', 'Get-CorootService', 'Get-CorootServiceGroup', '(Get-CorootServiceGroup).Services', 'Get-CorootNode'
    )
}

BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
    . (Join-Path -Path $PSScriptRoot -ChildPath 'Rows.ps1')
    $script:agent = Start-FakeAgent -Answers @{}
    $script:before = $env:COROOT_LISTEN
    $env:COROOT_LISTEN = $agent.Address
    function Set-Name([string] $Text) {
        $answers = New-HostAnswer -Name $Text -Text $Text
        foreach ($route in $answers.Keys) { $agent.Answers[$route] = $answers[$route] }
    }
}

AfterAll {
    Stop-FakeAgent -Agent $agent
    $env:COROOT_LISTEN = $before
}

Describe 'The character <Name>' -ForEach $characters {
    BeforeAll {
        $script:unsafe = [char]::ConvertFromUtf32($Code)
        Set-Name -Text "a${unsafe}b"
    }

    It 'is visible in the output of <_>' -ForEach $lines {
        $text = & ([scriptblock]::Create("$_ | Out-String -Width 300"))
        $text.Replace("`r`n", '').Replace("`n", '').Contains($unsafe) | Should -BeFalse
        $text.Contains("a${Shown}b") | Should -BeTrue
    }

    It 'stays in the properties of objects' {
        (Get-CorootContainer).Name | Should -BeExactly "a${unsafe}b"
        (Get-CorootContainer | Get-CorootService).Name | Should -BeExactly "a${unsafe}b"
    }

    It 'is visible in errors' {
        $null = Get-CorootContainer "no${unsafe}b" -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].Exception.Message.Contains("no${Shown}b") | Should -BeTrue
        $problem[0].CategoryInfo.TargetName | Should -BeExactly "no${Shown}b"
        $answer = @{ code = 'NOT_READY'; message = "m${unsafe}b"; hint = "h${unsafe}b" }
        $agent.Answers['/api/v1/status'] = ConvertTo-Json -InputObject @{ error = $answer } -Compress
        try { Get-CorootAgent } catch { $problem = $_ }
        $problem.Exception.Message | Should -BeExactly "m${Shown}b. h${Shown}b"
    }
}

Describe 'An error code of another program' {
    It 'does not become the id of an error' {
        $answer = @{ code = "x$([char] 0x1B)"; message = 'm'; hint = 'h' }
        $agent.Answers['/api/v1/status'] = ConvertTo-Json -InputObject @{ error = $answer } -Compress
        { Get-CorootAgent } | Should -Throw -ErrorId 'CorootAgentAnswer,Get-CorootAgent'
    }
}

Describe 'Text that is safe' {
    It 'stays as it is' {
        foreach ($text in 'a b', "s$([char] 0xF8)k", [char]::ConvertFromUtf32(0x1F600), [string] [char] 0x5E9) {
            Set-Name -Text $text
            (Get-CorootContainer | Out-String -Width 300).Contains($text) | Should -BeTrue
        }
    }
}

Describe 'The module' {
    It 'leaves no type data behind' {
        Remove-Module -Name CorootAgent
        Get-TypeData -TypeName '*CorootAgent.*' | Should -BeNullOrEmpty
    }
}
