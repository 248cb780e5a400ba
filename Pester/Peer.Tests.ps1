# The check of the process that answers, with Windows and coroot-agent replaced: only Windows reports owners of sockets.
BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
    $script:program = Join-Path -Path $TestDrive -ChildPath 'agent'
    $script:calls = Join-Path -Path $TestDrive -ChildPath 'calls.txt'
    # A script in place of coroot-agent: it records the address and its arguments, and then runs the given lines.
    function Set-Program {
        param([string] $Body)
        $text = "#!/bin/sh`necho `"`$COROOT_LISTEN `$@`" >> '$calls'`n$Body`n"
        [System.IO.File]::WriteAllText($program, $text)
        & chmod +x $program
    }
    function Get-Call {
        if (Test-Path -Path $calls) { @(Get-Content -Path $calls) }
    }
}

Describe 'The process that answers on Windows' -Skip:($IsWindows) {
    BeforeEach {
        Mock -ModuleName CorootAgent -CommandName Test-CorootWindows -MockWith { $true }
        $path = $program
        Mock -ModuleName CorootAgent -CommandName Find-CorootProgram -MockWith { $path }.GetNewClosure()
        if (Test-Path -Path $calls) { Remove-Item -Path $calls }
        # An address of its own for each test: results of checks are kept.
        $script:agent = Start-FakeAgent -Answers @{ '/api/v1/containers' = '{"containers":[]}' }
        $script:before = $env:COROOT_LISTEN
        $env:COROOT_LISTEN = $agent.Address
    }
    AfterEach {
        $env:COROOT_LISTEN = $before
        Stop-FakeAgent -Agent $agent
    }

    It 'is checked before the first request, and not again while it exists' {
        Set-Program -Body "echo '{`"agent`":{`"pid`":$PID}}'"
        Get-CorootContainer
        Get-CorootContainer
        Get-Call | Should -Be "$($agent.Address) status -o json"
        $agent.Paths.Count | Should -Be 2
        $env:COROOT_LISTEN | Should -Be $agent.Address
    }

    It 'is checked again after it has ended' {
        Set-Program -Body 'echo "{\"agent\":{\"pid\":2147483646}}"'
        Get-CorootContainer
        Get-CorootContainer
        @(Get-Call).Count | Should -Be 2
    }

    It 'is checked again after another process got its id' {
        Set-Program -Body 'echo "{\"agent\":{\"pid\":100}}"'
        $start = @{ Time = [datetime] '2026-01-01' }
        Mock -ModuleName CorootAgent -CommandName Get-Process -MockWith {
            [pscustomobject] @{ Id = 100; StartTime = $start.Time }
        }.GetNewClosure()
        Get-CorootContainer
        Get-CorootContainer
        @(Get-Call).Count | Should -Be 1
        $start.Time = [datetime] '2026-01-02'
        Get-CorootContainer
        @(Get-Call).Count | Should -Be 2
    }

    It 'gets no request if it is not the agent: an error with its id, message and hint' {
        Set-Program -Body "echo 'coroot-agent: process 666 answers' >&2; echo 'Find out what listens.' >&2; exit 15"
        try { Get-CorootContainer } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be 'CorootAgentForeign,Get-CorootContainer'
        $problem.CategoryInfo.Category | Should -Be 'SecurityError'
        $problem.Exception.Message | Should -Be 'process 666 answers. Find out what listens.'
        $agent.Paths.Count | Should -Be 0
        # A refusal is not kept.
        Set-Program -Body "echo '{`"agent`":{`"pid`":$PID}}'"
        { Get-CorootContainer } | Should -Not -Throw
    }

    It 'makes exit code <Code> of the check the error <Id>' -ForEach @(
        @{ Code = 6; Id = 'CorootAgentNotRunning' }
        @{ Code = 7; Id = 'CorootAgentNotReachable' }
        @{ Code = 12; Id = 'CorootDataFolder' }
        @{ Code = 1; Id = 'CorootAgentCommand' }
    ) {
        Set-Program -Body "echo 'coroot-agent: it went wrong' >&2; exit $Code"
        { Get-CorootContainer } | Should -Throw -ErrorId "$Id,Get-CorootContainer"
        $agent.Paths.Count | Should -Be 0
    }

    It 'is checked as the address that the user named' {
        Set-Program -Body "echo '{`"agent`":{`"pid`":$PID}}'"
        Get-CorootContainer -Address $agent.Address
        Get-Call | Should -Be "$($agent.Address) status -o json --address $($agent.Address)"
    }

    It 'is trusted without coroot-agent on this machine only at an address that the user named' {
        Mock -ModuleName CorootAgent -CommandName Find-CorootProgram -MockWith { }
        { Get-CorootContainer -Address $agent.Address } | Should -Not -Throw
        { Get-CorootContainer } | Should -Throw -ErrorId 'CorootAgentForeign,Get-CorootContainer'
        $agent.Paths.Count | Should -Be 1
    }
}
