# The table of objects: each line of it becomes a property with its unit.
BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    function Convert-Line {
        param([string[]] $Line, [string] $Row, [string] $Answer = '{"observedAtMs":1700000100000,"address":"a:1"}')
        & (Get-Module -Name CorootAgent) {
            param($line, $row, $answer)
            & (New-CorootConverter -Name 'Test' -Line $line) @($row) $answer
        } $Line ($Row | ConvertFrom-Json) ($Answer | ConvertFrom-Json)
    }
}

Describe 'A line of the table' {
    It 'makes <Expected> of <Row> with "<Line>"' -ForEach @(
        @{ Line = 'A a text'; Row = '{"a":"x"}'; Expected = 'x' }
        @{ Line = 'A a.b int'; Row = '{"a":{"b":7}}'; Expected = 7 }
        @{ Line = 'A /address text'; Row = '{}'; Expected = 'a:1' }
        @{ Line = 'A a duration'; Row = '{"a":0.0000015}'; Expected = [timespan]::FromTicks(15) }
        @{ Line = 'A a bool'; Row = '{"a":""}'; Expected = $false }
        @{ Line = 'A a long if b'; Row = '{"a":0,"b":1}'; Expected = 0 }
        @{ Line = 'A a[].b text[]'; Row = '{"a":[{"b":"x"},{"b":"y"}]}'; Expected = @('x', 'y') }
    ) {
        (Convert-Line -Line $Line -Row $Row).A | Should -Be $Expected
    }

    It 'leaves the property empty for "<Line>" and <Row>' -ForEach @(
        @{ Line = 'A a long?'; Row = '{"a":0}' }
        @{ Line = 'A a time'; Row = '{"a":0}' }
        @{ Line = 'A a duration if b'; Row = '{"a":5,"b":false}' }
        @{ Line = 'A a duration if b'; Row = '{"a":5,"b":0}' }
        @{ Line = 'A a[].b text[]'; Row = '{"a":[]}' }
    ) {
        $object = Convert-Line -Line $Line -Row $Row
        $object.PSObject.Properties.Name | Should -Be 'A'
        $object.A | Should -BeNullOrEmpty
    }

    It 'throws for a row without the field' {
        { Convert-Line -Line 'A a.b text' -Row '{"a":{}}' } | Should -Throw
    }

    It 'throws for an unknown unit' {
        { Convert-Line -Line 'A a metres' -Row '{"a":1}' } | Should -Throw '*metres*'
    }
}

Describe 'The table' {
    It 'names only objects that it has' {
        $file = Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.Objects.psd1'
        $table = Import-PowerShellDataFile -Path $file
        $units = $table.Values.Properties | ForEach-Object -Process { (-split $_)[2].TrimEnd('[', ']', '?') } |
            Where-Object -FilterScript { $_ -cmatch '^[A-Z]' }
        $units | Where-Object -FilterScript { -not $table.ContainsKey($_) } | Should -BeNullOrEmpty
    }
}

Describe 'Get-CorootAgent' {
    BeforeAll {
        . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
        . (Join-Path -Path $PSScriptRoot -ChildPath 'Rows.ps1')
        $script:agent = Start-FakeAgent -Answers (New-HostAnswer)
    }

    AfterAll { Stop-FakeAgent -Agent $agent }

    It 'lists patterns that match nothing, with their settings, and shows them' {
        $pattern = @{ setting = 'service-include'; pattern = "no-such$([char] 27)" }
        $agent.Answers['/api/v1/status'] = New-Row -Field $statusFields -Value @{ unmatchedPatterns = @($pattern) } |
            ConvertTo-Json -Depth 9
        $status = Get-CorootAgent -Address $agent.Address
        $status.UnmatchedPatterns.Setting | Should -Be 'service-include'
        $status.UnmatchedPatterns.Pattern | Should -BeExactly "no-such$([char] 27)"
        $status | Out-String -Width 120 | Should -Match "UnmatchedPatterns : service-include: no-such$([char] 0x241B)"
    }
}
