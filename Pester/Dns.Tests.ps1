# The objects and tables of Get-CorootDnsRequest, from a fixed answer, and the requests that it sends.
BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
    $dns = @'
{"observedAtMs":1700000100000,"truncated":false,"containers":[
{"containerId":"/win/shop","containerName":"shop",
"unanswered":2,"timedRequests":8,"durationSeconds":0.2,"meanDurationSeconds":0.025,"requests":[
{"domain":"db.example","type":"TypeA","status":"ok","count":5},
{"domain":"db.example","type":"TypeAAAA","status":"nodata","count":3},
{"domain":"gone.example","type":"TypeA","status":"nxdomain","count":4}],
"lastFailure":{"atMs":1700000000250,"domain":"gone.example","type":"TypeA","status":"nxdomain","code":9003}},
{"containerId":"/win/calm","containerName":"calm",
"unanswered":0,"timedRequests":0,"durationSeconds":0,"meanDurationSeconds":0,"requests":[
{"domain":"db.example","type":"TypeA","status":"ok","count":1}],
"lastFailure":{"atMs":0,"domain":"","type":"","status":"","code":0}}]}
'@
    $containers = @'
{"containers":[{"id":"/win/shop","name":"shop"},{"id":"/win/calm","name":"calm"},{"id":"/win/mute","name":"mute"}]}
'@
    $script:agent = Start-FakeAgent -Answers @{ '/api/v1/dns-requests' = $dns; '/api/v1/containers' = $containers }
    $script:at = @{ Address = $agent.Address }
    function Get-Text { process { "$($_.ContainerName) $($_.Domain) $($_.Type) $($_.Status) $($_.Count)" } }
}

AfterAll {
    Stop-FakeAgent -Agent $agent
}

Describe 'Get-CorootDnsRequest' {
    It 'has one object for each container, domain, type and status' {
        $requests = Get-CorootDnsRequest @at
        $requests | Get-Text | Should -Be @(
            'shop db.example TypeA ok 5'
            'shop db.example TypeAAAA nodata 3'
            'shop gone.example TypeA nxdomain 4'
            'calm db.example TypeA ok 1'
        )
        $requests[0].PSTypeNames[0] | Should -Be 'CorootAgent.DnsRequest'
        $requests[0].ContainerId | Should -BeExactly '/win/shop'
        $requests[0].Count | Should -BeOfType [long]
        $requests[0].Observed | Should -Be ([datetime]::new(2023, 11, 14, 22, 15, 0, [DateTimeKind]::Utc)).ToLocalTime()
    }

    It 'sends <Name> to the control plane' -ForEach @(
        @{ Name = '-Container'; Filter = @{ Container = '/win/c*' }; Expected = 'container=/win/c*&limit=10000' }
        @{ Name = '-Domain'; Filter = @{ Domain = 'gone.*' }; Expected = 'domain=gone.*&limit=10000' }
        @{
            Name     = '-Type with and without the prefix'
            Filter   = @{ Type = 'aaaa' }
            Expected = 'limit=10000&type=aaaa&type=Typeaaaa'
        }
        @{
            Name     = '-Status'
            Filter   = @{ Status = 'nx*', 'timeout' }
            Expected = 'limit=10000&status=nx*&status=timeout'
        }
        @{ Name = '-Failed'; Filter = @{ Failed = $true }; Expected = 'failed=true&limit=10000' }
        @{
            Name     = 'no filter for failures with -Summary'
            Filter   = @{ Summary = $true; Failed = $true; Limit = 7 }
            Expected = 'limit=7'
        }
    ) {
        $agent.Queries.Clear()
        $null = Get-CorootDnsRequest @Filter @at
        $agent.Queries[0] | Should -BeExactly $Expected
    }

    It 'takes containers and connections from the pipeline, each container once' {
        $agent.Queries.Clear()
        $null = [pscustomobject]@{ Id = '/win/calm'; Name = 'calm'; Address = $agent.Address } | Get-CorootDnsRequest
        $connections = '/win/calm', '/win/shop', '/win/calm' | ForEach-Object -Process {
            [pscustomobject]@{ ContainerId = $_; ContainerName = 'x'; Address = $agent.Address }
        }
        $connections | Get-CorootDnsRequest | Get-Text | Should -HaveCount 4
        $agent.Queries |
            Should -Be @('container=/win/calm&limit=10000', 'container=/win/calm&container=/win/shop&limit=10000')
    }

    It 'reports a container that does not exist, and nothing for one without requests' {
        $null = Get-CorootDnsRequest -Container 'no-such' -ErrorVariable problem -ErrorAction SilentlyContinue @at
        $problem[0].FullyQualifiedErrorId | Should -Be 'CorootNotFound,Get-CorootDnsRequest'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        Get-CorootDnsRequest -Container mute -ErrorAction Stop @at | Should -Not -BeNullOrEmpty
    }

    It 'has one object per container with -Summary: counts, durations, the last failure' {
        $shop, $calm = Get-CorootDnsRequest -Summary @at
        $shop.PSTypeNames[0] | Should -Be 'CorootAgent.DnsSummary'
        $shop.Requests, $shop.FailedRequests, $shop.Unanswered, $shop.TimedRequests | Should -Be @(12, 7, 2, 8)
        $shop.Duration.TotalMilliseconds | Should -Be 200
        $shop.MeanDuration.TotalMilliseconds | Should -Be 25
        $shop.LastFailure |
            Should -Be ([datetime]::new(2023, 11, 14, 22, 13, 20, 250, [DateTimeKind]::Utc)).ToLocalTime()
        $shop.LastFailureDomain, $shop.LastFailureType, $shop.LastFailureStatus, $shop.LastFailureCode |
            Should -Be @('gone.example', 'TypeA', 'nxdomain', 9003)
        $calm.Requests, $calm.FailedRequests | Should -Be @(1, 0)
        $calm.MeanDuration, $calm.LastFailure, $calm.LastFailureCode | Should -BeNullOrEmpty
        (Get-CorootDnsRequest -Summary -Failed @at).ContainerName | Should -Be 'shop'
    }

    It 'prints tables' {
        Get-CorootDnsRequest -Failed @at | Out-String -Width 200 |
            Should -Match 'Container\s+Domain\s+Type\s+Status\s+Count[\s-]+shop\s+db\.example\s+TypeA\s+ok\s+5'
        Get-CorootDnsRequest -Summary @at | Out-String -Width 200 |
            Should -Match 'shop\s+12\s+7\s+2\s+25\.0\s.*2023.*gone\.example TypeA nxdomain'
    }

    It 'warns when the limit truncated the list' {
        $whole = $agent.Answers['/api/v1/dns-requests']
        try {
            $agent.Answers['/api/v1/dns-requests'] = $whole -replace '"truncated":false', '"truncated":true'
            $null = Get-CorootDnsRequest -Limit 4 -WarningVariable warning -WarningAction SilentlyContinue @at
            $warning | Should -Match 'Only the first 4 rows'
        }
        finally { $agent.Answers['/api/v1/dns-requests'] = $whole }
    }
}
