# "Not running" and "not reachable" are told apart, for every command.
BeforeDiscovery {
    $script:commands = 'Get-CorootAgent', 'Get-CorootConnection', 'Get-CorootContainer', 'Get-CorootService' | ForEach-Object -Process { @{ Command = $_ } }
}

BeforeAll {
    Import-Module -Name (Join-Path -Path (Split-Path -Path $PSScriptRoot -Parent) -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    # A port that was free a moment ago: nothing listens there.
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $script:closed = "127.0.0.1:$($listener.LocalEndpoint.Port)"
    $listener.Stop()
    # One that takes connections and never answers.
    $script:silent = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $silent.Start()
    $script:mute = "127.0.0.1:$($silent.LocalEndpoint.Port)"
}

AfterAll {
    $silent.Stop()
}

Describe '<Command> without an agent' -ForEach $commands {
    It 'says that the agent is not running, and how to start it' {
        try { & $Command -Address $closed } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be "CorootAgentNotRunning,$Command"
        $problem.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        $problem.Exception.Message | Should -Match 'coroot-agent run'
    }

    It 'says that a name that nobody knows is not reachable' {
        try { & $Command -Address 'no-such-host.invalid:10300' } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be "CorootAgentNotReachable,$Command"
        $problem.CategoryInfo.Category | Should -Be 'ConnectionError'
    }

    It 'says that a silent one is not reachable' {
        try { & $Command -Address $mute -TimeoutSec 1 } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be "CorootAgentNotReachable,$Command"
    }
}

Describe 'The address' {
    It 'is <Expected> for "<Given>" with COROOT_LISTEN "<Variable>"' -ForEach @(
        @{ Given = ''; Variable = ''; Expected = '127.0.0.1:10300' }
        @{ Given = ''; Variable = '127.0.0.1:9'; Expected = '127.0.0.1:9' }
        @{ Given = 'host:1'; Variable = '127.0.0.1:9'; Expected = 'host:1' }
        @{ Given = ''; Variable = '0.0.0.0:10300'; Expected = '127.0.0.1:10300' }
        @{ Given = ''; Variable = ':10300'; Expected = '127.0.0.1:10300' }
        @{ Given = '[::]:5'; Variable = ''; Expected = '[::1]:5' }
    ) {
        $before = $env:COROOT_LISTEN
        try {
            $env:COROOT_LISTEN = $Variable
            & (Get-Module -Name CorootAgent) { param($address) Resolve-CorootAddress -Address $address } $Given | Should -Be $Expected
        }
        finally { $env:COROOT_LISTEN = $before }
    }
}
