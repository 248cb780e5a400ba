# Every command distinguishes an agent that does not run, one that cannot be reached, and another program.
BeforeDiscovery {
    $root = Split-Path -Path $PSScriptRoot -Parent
    $script:commands = Get-ChildItem -Path (Join-Path -Path $root -ChildPath 'CorootAgent/Public') -Filter 'Get-*.ps1' |
        ForEach-Object -Process { @{ Command = $_.BaseName } }
}

BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    # A port that was just closed: nothing listens there.
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $script:closed = "127.0.0.1:$($listener.LocalEndpoint.Port)"
    $listener.Stop()
    # A program that accepts connections and never answers.
    $script:silent = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $silent.Start()
    $script:mute = "127.0.0.1:$($silent.LocalEndpoint.Port)"
}

AfterAll {
    $silent.Stop()
}

Describe '<Command> without an agent' -ForEach $commands {
    It 'reports that the agent does not run, and how to start it' {
        try { & $Command -Address $closed } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be "CorootAgentNotRunning,$Command"
        $problem.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        $problem.Exception.Message | Should -Match 'coroot-agent run'
    }

    It 'reports an unknown host name as not reachable' {
        try { & $Command -Address 'no-such-host.invalid:10300' } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be "CorootAgentNotReachable,$Command"
        $problem.CategoryInfo.Category | Should -Be 'ConnectionError'
    }

    It 'reports a program that never answers as not reachable' {
        try { & $Command -Address $mute -TimeoutSec 1 } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be "CorootAgentNotReachable,$Command"
    }
}

Describe '<Command> with another program on the port' -ForEach $commands {
    It 'recognises <Name>' -ForEach @(
        @{ Name = 'a program that does not speak HTTP'; Bytes = "SSH-2.0-OpenSSH_9.2`r`n" }
        @{ Name = 'a program that closes the connection at once'; Bytes = '' }
        @{ Name = 'a JSON list'; Bytes = "HTTP/1.1 200 OK`r`nContent-Length: 2`r`nConnection: close`r`n`r`n[]" }
        @{ Name = 'an HTML page'; Bytes = "HTTP/1.1 200 OK`r`nContent-Length: 6`r`nConnection: close`r`n`r`n<html>" }
        @{
            Name  = 'an error of another shape'
            Bytes = "HTTP/1.1 500 Oops`r`nContent-Length: 14`r`nConnection: close`r`n`r`n{`"error`":`"no`"}"
        }
        @{
            Name  = 'an agent of another version'
            Bytes = "HTTP/1.1 200 OK`r`nConnection: close`r`n`r`n" +
                '{"agent":{},"containers":[{}],"connections":[{}],"services":[{}],' +
                '"listeners":[{}],"processes":[{}],"groups":[{}],"interfaces":[{}]}'
        }
    ) {
        $server = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $server.Start()
        try {
            $shell = [powershell]::Create().AddScript({
                    param($server, $bytes)
                    while ($true) {
                        $client = $server.AcceptTcpClient()
                        $stream = $client.GetStream()
                        $null = $stream.Read([byte[]]::new(65536), 0, 65536)
                        $data = [System.Text.Encoding]::UTF8.GetBytes($bytes)
                        $stream.Write($data, 0, $data.Length)
                        $client.Close()
                    }
                }).AddArgument($server).AddArgument($Bytes)
            $null = $shell.BeginInvoke()
            $problem = $null
            try { & $Command -Address "127.0.0.1:$($server.LocalEndpoint.Port)" -TimeoutSec 5 } catch { $problem = $_ }
            $problem.FullyQualifiedErrorId | Should -Be "CorootAgentAnswer,$Command"
        }
        finally {
            $server.Stop()
            $shell.Dispose()
        }
    }
}

Describe 'The address' {
    It 'is <Expected> for -Address "<Address>" and COROOT_LISTEN "<Variable>"' -ForEach @(
        @{ Address = ''; Variable = ''; Expected = '127.0.0.1:10300' }
        @{ Address = ''; Variable = '127.0.0.1:9'; Expected = '127.0.0.1:9' }
        @{ Address = 'host:1'; Variable = '127.0.0.1:9'; Expected = 'host:1' }
        @{ Address = ''; Variable = '0.0.0.0:10300'; Expected = '127.0.0.1:10300' }
        @{ Address = ''; Variable = ':10300'; Expected = '127.0.0.1:10300' }
        @{ Address = '[::]:5'; Variable = ''; Expected = '[::1]:5' }
        @{ Address = 'server1'; Variable = ''; Expected = 'server1:10300' }
        @{ Address = '[fd00::1]'; Variable = ''; Expected = '[fd00::1]:10300' }
    ) {
        $before = $env:COROOT_LISTEN
        try {
            $env:COROOT_LISTEN = $Variable
            & (Get-Module -Name CorootAgent) { param($address) Resolve-CorootAddress -Address $address } $Address |
                Should -Be $Expected
        }
        finally { $env:COROOT_LISTEN = $before }
    }

    It 'is refused as "<_>"' -ForEach @('a b', 'host:99999', 'host:0', 'http://host:1', 'user@host:1', '::1:5') {
        $invalid = $_
        { Get-CorootContainer -Address $invalid } | Should -Throw -ErrorId 'CorootAgentAddress,Get-CorootContainer'
    }
}

Describe 'The variable $Error' {
    BeforeAll {
        . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
        . (Join-Path -Path $PSScriptRoot -ChildPath 'Rows.ps1')
        $script:bad = Start-FakeAgent -Answers @{
            '/api/v1/containers' = '{"containers":[{}]}'
            '/api/v1/node'       = 'no JSON'
            '/api/v1/status'     = '{"error":{"code":"NOT_READY","message":"m","hint":"h"}}'
        }
        $script:good = Start-FakeAgent -Answers (New-HostAnswer)
    }

    AfterAll {
        Stop-FakeAgent -Agent $bad
        Stop-FakeAgent -Agent $good
    }

    It 'gets one record, the one that catch gets: <Line>' -ForEach @(
        @{ Line = 'Get-CorootContainer -Address $closed'; Id = 'CorootAgentNotRunning,Get-CorootContainer' }
        @{ Line = 'Get-CorootConnection -Address $closed'; Id = 'CorootAgentNotRunning,Get-CorootConnection' }
        @{ Line = 'Get-CorootContainer -Address $bad.Address'; Id = 'CorootAgentAnswer,Get-CorootContainer' }
        @{ Line = 'Get-CorootNode -Address $bad.Address'; Id = 'CorootAgentAnswer,Get-CorootNode' }
        @{ Line = 'Get-CorootAgent -Address $bad.Address'; Id = 'NOT_READY,Get-CorootAgent' }
        @{ Line = 'Get-CorootService -Address $bad.Address'; Id = 'CorootAgentAnswer,Get-CorootService' }
        @{ Line = 'Get-CorootService -Address "a b"'; Id = 'CorootAgentAddress,Get-CorootService' }
        @{ Line = 'Get-CorootContainer "[z-a]"'; Id = 'ParameterArgumentValidationError,Get-CorootContainer' }
        @{ Line = 'Get-CorootService -Rule no'; Id = 'ParameterArgumentValidationError,Get-CorootService' }
        @{ Line = 'Start-CorootAgent -AgentPath /no/such'; Id = 'CorootAgentCommand,Start-CorootAgent' }
    ) {
        $Error.Clear()
        Write-Error -Message 'earlier' -ErrorAction SilentlyContinue
        $caught = $null
        try { & ([scriptblock]::Create($Line)) } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -Be $Id
        $Error[0].FullyQualifiedErrorId | Should -Be $Id
        $Error[0].InvocationInfo.MyCommand.Name | Should -Be ($Id -split ',')[1]
        $Error | Should -HaveCount 2
        "$($Error[1])" | Should -Be 'earlier'
    }

    It 'gets one record for a name that nothing has, as does -ErrorVariable' {
        $Error.Clear()
        $null = Get-CorootContainer no -Address $good.Address -ErrorVariable problem -ErrorAction SilentlyContinue
        @($Error.FullyQualifiedErrorId) | Should -Be @('CorootNotFound,Get-CorootContainer')
        $problem | Should -HaveCount 1
    }
}
