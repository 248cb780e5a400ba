# What Get-CorootConnection makes of counts and failures, of an answer written here by src/api/schemas/connections.ts.
BeforeAll {
    Import-Module -Name (Join-Path -Path (Split-Path -Path $PSScriptRoot -Parent) -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    # Both questions of the command get this one body; fields that a question does not know are ignored.
    $body = @'
{"observedAtMs":1700000100000,"truncated":false,
"containers":[{"id":"/win/shop","name":"shop"},{"id":"/win/calm","name":"calm"}],
"connections":[
{"containerId":"/win/shop","containerName":"shop","destination":"10.0.0.5:1433","actualDestination":"10.0.0.6:1433","name":"db.example",
"active":3,"successfulConnects":41,"inferredConnects":2,"failedConnects":7,"failures":{"refused":5,"timeout":2},
"lastFailureAtMs":1700000000250,"lastFailure":"timeout","connectSeconds":0.0125,"rttSeconds":0.0031,"sentBytes":5000000000,"receivedBytes":123,"retransmits":9,"resets":4},
{"containerId":"/win/calm","containerName":"calm","destination":"10.0.0.7:80","actualDestination":"10.0.0.7:80","name":"",
"active":1,"successfulConnects":8,"inferredConnects":0,"failedConnects":0,"failures":{},
"lastFailureAtMs":0,"lastFailure":"","connectSeconds":0,"rttSeconds":0,"sentBytes":0,"receivedBytes":0,"retransmits":0,"resets":0}]}
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
        $one = Get-CorootConnection -Container shop @at
        $one.DestinationName | Should -BeExactly 'db.example'
        $one.Active | Should -Be 3
        $one.SuccessfulConnects | Should -Be 41
        $one.InferredConnects | Should -Be 2
        $one.FailedConnects | Should -Be 7
        @($one.Failures.Keys) | Should -Be @('refused', 'timeout')
        $one.Failures['refused'] | Should -Be 5
        $one.LastFailure | Should -Be ([datetime]::new(2023, 11, 14, 22, 13, 20, 250, [DateTimeKind]::Utc)).ToLocalTime()
        $one.LastFailureReason | Should -BeExactly 'timeout'
        $one.ConnectTime.TotalMilliseconds | Should -Be 12.5
        $one.RoundTripTime.TotalMilliseconds | Should -Be 3.1
        $one.SentBytes | Should -Be 5000000000
        $one.ReceivedBytes | Should -Be 123
        $one.Retransmits | Should -Be 9
        $one.Resets | Should -Be 4
    }

    It 'has nothing for what never was' {
        $calm = Get-CorootConnection -Container calm @at
        $calm.Failures.Count | Should -Be 0
        $calm.LastFailure | Should -BeNullOrEmpty
        $calm.ConnectTime | Should -BeNullOrEmpty
        $calm.RoundTripTime | Should -BeNullOrEmpty
    }

    It 'keeps with -Failed only destinations with failed connects, and is silent about the others' {
        (Get-CorootConnection -Failed @at).Destination | Should -Be '10.0.0.5:1433'
        Get-CorootConnection -Failed -Container calm -ErrorAction Stop @at | Should -BeNullOrEmpty
        Get-CorootConnection -Failed -Destination '10.0.0.7:80' -ErrorAction Stop @at | Should -BeNullOrEmpty
    }

    It 'finds a destination by the name of the resolver' {
        (Get-CorootConnection -Destination 'db.*' @at).Destination | Should -Be '10.0.0.5:1433'
    }

    It 'prints counts, a mark for inferred connects, and the last failure' {
        $text = Get-CorootConnection @at | Out-String -Width 200
        $text | Should -Match 'shop\s+10\.0\.0\.5:1433\s+3\s+41~\s+7\s.*2023.*timeout'
        $text | Should -Match 'calm\s+10\.0\.0\.7:80\s+1\s+8\s+0\s'
    }

    It 'prints with -Failed name, reasons and the time of the last failure' {
        $failed = Get-CorootConnection -Failed @at
        $failed.PSTypeNames | Should -Contain 'CorootAgent.Connection'
        $text = $failed | Out-String -Width 200
        $text | Should -Match 'Container\s+Destination\s+Name\s+Failed\s+Last\s+Reasons'
        $text | Should -Match 'shop\s+10\.0\.0\.5:1433\s+db\.example\s+7\s.*2023.*\srefused 5, timeout 2'
    }

    It 'prints with the view Wide names, times, bytes and retransmits' {
        $text = Get-CorootConnection @at | Format-Table -View Wide | Out-String -Width 300
        $text | Should -Match 'shop\s+10\.0\.0\.5:1433\s+10\.0\.0\.6:1433\s+db\.example\s+3\s+41~\s+7\s+12\.5\s+3\.1\s+4882812\.5\s+0\.1\s+9\s+4\s.*2023.*timeout'
        $text | Should -Match 'calm\s+10\.0\.0\.7:80\s+10\.0\.0\.7:80\s+1\s+8\s+0\s+0\.0\s+0\.0\s+0\s+0\s'
    }
}
