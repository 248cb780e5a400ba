# The objects and tables of Get-CorootConnection, from a fixed answer, and the requests that it sends.
BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    # Both routes answer with this body; each cmdlet ignores the fields of the other route.
    $body = @'
{"observedAtMs":1700000100000,"truncated":false,
"containers":[{"id":"/win/shop","name":"shop"},{"id":"/win/calm","name":"calm"}],
"connections":[
{"containerId":"/win/shop","containerName":"shop",
"destination":"10.0.0.5:1433","actualDestination":"10.0.0.6:1433","destinationName":"db.example",
"active":3,"successfulConnects":41,"inferredConnects":2,"failedConnects":7,"failures":{"refused":5,"timeout":2},
"lastFailureAtMs":1700000000250,"lastFailure":"timeout","meanConnectSeconds":0.0125,"rttSeconds":0.0031,
"sentBytes":5000000000,"receivedBytes":123,"retransmits":9,"resets":4},
{"containerId":"/win/calm","containerName":"calm",
"destination":"10.0.0.7:80","actualDestination":"10.0.0.7:80","destinationName":"",
"active":1,"successfulConnects":8,"inferredConnects":0,"failedConnects":0,"failures":{},
"lastFailureAtMs":0,"lastFailure":"","meanConnectSeconds":0,"rttSeconds":0,
"sentBytes":0,"receivedBytes":0,"retransmits":0,"resets":0}]}
'@
    . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
    $script:agent = Start-FakeAgent -Answers @{ '/api/v1/connections' = $body; '/api/v1/containers' = $body }
    $script:at = @{ Address = $agent.Address }
}

AfterAll {
    Stop-FakeAgent -Agent $agent
}

Describe 'Get-CorootConnection' {
    It 'has counts, failures by reason, times and bytes' {
        $one = Get-CorootConnection @at | Select-Object -First 1
        $one.DestinationName | Should -BeExactly 'db.example'
        $one.Active | Should -Be 3
        $one.SuccessfulConnects | Should -Be 41
        $one.InferredConnects | Should -Be 2
        $one.FailedConnects | Should -Be 7
        @($one.Failures.Keys) | Should -Be @('refused', 'timeout')
        $one.Failures['refused'] | Should -Be 5
        $one.LastFailure |
            Should -Be ([datetime]::new(2023, 11, 14, 22, 13, 20, 250, [DateTimeKind]::Utc)).ToLocalTime()
        $one.LastFailureReason | Should -BeExactly 'timeout'
        $one.MeanConnectTime.TotalMilliseconds | Should -Be 12.5
        $one.RoundTripTime.TotalMilliseconds | Should -Be 3.1
        $one.SentBytes | Should -Be 5000000000
        $one.ReceivedBytes | Should -Be 123
        $one.Retransmits | Should -Be 9
        $one.Resets | Should -Be 4
    }

    It 'leaves times and the last failure empty when there were none' {
        $calm = Get-CorootConnection @at | Select-Object -Last 1
        $calm.Failures.Count | Should -Be 0
        $calm.LastFailure | Should -BeNullOrEmpty
        $calm.MeanConnectTime | Should -BeNullOrEmpty
        $calm.RoundTripTime | Should -BeNullOrEmpty
    }

    It 'sends <Name> to the control plane' -ForEach @(
        @{ Name = 'the limit'; Filter = @{}; Expected = 'limit=10000' }
        @{
            Name     = 'containers'
            Filter   = @{ Container = 'sh*', '/win/calm', 'sh*' }
            Expected = 'container=sh*&container=/win/calm&limit=10000'
        }
        @{
            Name     = 'destinations'
            Filter   = @{ Destination = 'db.*', '10.0.0.7:80' }
            Expected = 'destination=db.*&destination=10.0.0.7:80&limit=10000'
        }
        @{ Name = '-Failed and -Limit'; Filter = @{ Failed = $true; Limit = 5 }; Expected = 'failed=true&limit=5' }
        @{
            Name     = 'characters with a meaning in a URL'
            Filter   = @{ Container = 'a&b #?' }
            Expected = 'container=a&b #?&limit=10000'
        }
    ) {
        $agent.Queries.Clear()
        $null = Get-CorootConnection @Filter @at -ErrorAction SilentlyContinue
        $agent.Queries[0] | Should -BeExactly $Expected
    }

    It 'sends one request for all piped containers, with ids when their names do not fit the URL' {
        $agent.Paths.Clear()
        'shop', 'calm' | Get-CorootConnection @at | Should -HaveCount 2
        $agent.Paths | Should -Be @('/api/v1/connections')
        $agent.Paths.Clear()
        $agent.Queries.Clear()
        $names = @('sho*', 'cal?') + (1..300 | ForEach-Object -Process { "container-with-a-long-name-$_*" })
        $names | Get-CorootConnection @at | Should -HaveCount 2
        $agent.Paths | Should -Be @('/api/v1/containers', '/api/v1/connections')
        [regex]::Matches($agent.Queries[1], 'container=').Count | Should -Be 2
    }

    It 'reports a missing plain name only when neither the rows nor the agent have it' {
        Get-CorootConnection -Container 'CALM' -Destination 'db.example' -ErrorAction Stop @at |
            Should -Not -BeNullOrEmpty
        $filter = @{ Container = 'no-such'; Destination = 'no-*' }
        $null = Get-CorootConnection @filter @at -ErrorVariable problem -ErrorAction SilentlyContinue
        @($problem.FullyQualifiedErrorId) | Should -Be @('CorootNotFound,Get-CorootConnection')
        $problem[0].TargetObject | Should -Be 'no-such'
    }

    It 'prints counts, ~ for inferred connects, and the last failure' {
        $text = Get-CorootConnection @at | Out-String -Width 200
        $text | Should -Match 'shop\s+10\.0\.0\.5:1433\s+3\s+41~\s+7\s.*2023.*timeout'
        $text | Should -Match 'calm\s+10\.0\.0\.7:80\s+1\s+8\s+0\s'
    }

    It 'prints with -Failed name, reasons and the time of the last failure' {
        $failed = Get-CorootConnection -Failed @at | Select-Object -First 1
        $failed.PSTypeNames | Should -Contain 'CorootAgent.Connection'
        $text = $failed | Out-String -Width 200
        $text | Should -Match 'Container\s+Destination\s+Name\s+Failed\s+Last\s+Reasons'
        $text | Should -Match 'shop\s+10\.0\.0\.5:1433\s+db\.example\s+7\s.*2023.*\srefused 5, timeout 2'
    }

    It 'prints with the view Wide names, times, bytes and retransmits' {
        $text = Get-CorootConnection @at | Format-Table -View Wide | Out-String -Width 300
        $names = 'shop\s+10\.0\.0\.5:1433\s+10\.0\.0\.6:1433\s+db\.example'
        $values = '3\s+41~\s+7\s+12\.5\s+3\.1\s+4882812\.5\s+0\.1\s+9\s+4\s.*2023.*timeout'
        $text | Should -Match "$names\s+$values"
        $text | Should -Match 'calm\s+10\.0\.0\.7:80\s+10\.0\.0\.7:80\s+1\s+8\s+0\s+0\.0\s+0\.0\s+0\s+0\s'
    }
}
