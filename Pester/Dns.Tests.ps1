# What Get-CorootDnsQuery makes of queries and failures, of an answer written here by src/api/schemas/dns.ts.
BeforeAll {
    Import-Module -Name (Join-Path -Path (Split-Path -Path $PSScriptRoot -Parent) -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
    $dns = @'
{"observedAtMs":1700000100000,"truncated":false,"containers":[
{"containerId":"/win/shop","containerName":"shop","unanswered":2,"timed":8,"seconds":0.2,"meanSeconds":0.025,"requests":[
{"domain":"db.example","type":"TypeA","status":"ok","count":5},
{"domain":"db.example","type":"TypeAAAA","status":"nodata","count":3},
{"domain":"gone.example","type":"TypeA","status":"nxdomain","count":4}],
"lastFailure":{"atMs":1700000000250,"domain":"gone.example","type":"TypeA","status":"nxdomain","code":9003}},
{"containerId":"/win/calm","containerName":"calm","unanswered":0,"timed":0,"seconds":0,"meanSeconds":0,"requests":[
{"domain":"db.example","type":"TypeA","status":"ok","count":1}],
"lastFailure":{"atMs":0,"domain":"","type":"","status":"","code":0}}]}
'@
    $containers = '{"containers":[{"id":"/win/shop","name":"shop"},{"id":"/win/calm","name":"calm"},{"id":"/win/mute","name":"mute"}]}'
    $script:agent = Start-FakeAgent -Answers @{ '/api/v1/dns' = $dns; '/api/v1/containers' = $containers }
    $script:at = @{ Address = $agent.Address }
    function Get-Text { process { "$($_.ContainerName) $($_.Domain) $($_.Type) $($_.Status) $($_.Count)" } }
}

AfterAll {
    Stop-FakeAgent -Agent $agent
}

Describe 'Get-CorootDnsQuery' {
    It 'has one object for each container, domain, type and status' {
        $queries = Get-CorootDnsQuery @at
        $queries | Get-Text | Should -Be @(
            'shop db.example TypeA ok 5', 'shop db.example TypeAAAA nodata 3', 'shop gone.example TypeA nxdomain 4', 'calm db.example TypeA ok 1')
        $queries[0].PSTypeNames[0] | Should -Be 'CorootAgent.DnsQuery'
        $queries[0].ContainerId | Should -BeExactly '/win/shop'
        $queries[0].Count | Should -BeOfType [long]
        $queries[0].Observed | Should -Be ([datetime]::new(2023, 11, 14, 22, 15, 0, [DateTimeKind]::Utc)).ToLocalTime()
    }

    It 'filters with <Name>' -ForEach @(
        @{ Name = '-Container'; Filter = @{ Container = '/win/c*' }; Expected = @('calm db.example TypeA ok 1') }
        @{ Name = '-Domain'; Filter = @{ Domain = 'gone.*' }; Expected = @('shop gone.example TypeA nxdomain 4') }
        @{ Name = '-Type without the word'; Filter = @{ Type = 'aaaa' }; Expected = @('shop db.example TypeAAAA nodata 3') }
        @{ Name = '-Type in full'; Filter = @{ Type = 'TypeAAAA' }; Expected = @('shop db.example TypeAAAA nodata 3') }
        @{ Name = '-Status'; Filter = @{ Status = 'nx*', 'timeout' }; Expected = @('shop gone.example TypeA nxdomain 4') }
        @{ Name = '-Failed'; Filter = @{ Failed = $true }; Expected = @('shop db.example TypeAAAA nodata 3', 'shop gone.example TypeA nxdomain 4') }
        @{ Name = 'several of them'; Filter = @{ Failed = $true; Domain = 'db.example'; Container = 'shop' }; Expected = @('shop db.example TypeAAAA nodata 3') }
    ) {
        Get-CorootDnsQuery @Filter @at | Get-Text | Should -Be $Expected
    }

    It 'takes containers from the pipeline, and connections' {
        [pscustomobject]@{ Id = '/win/calm'; Name = 'calm'; Address = $agent.Address } | Get-CorootDnsQuery -Status ok | Get-Text | Should -Be @('calm db.example TypeA ok 1')
        [pscustomobject]@{ ContainerId = '/win/calm'; ContainerName = 'calm'; Address = $agent.Address } | Get-CorootDnsQuery | Get-Text | Should -Be @('calm db.example TypeA ok 1')
    }

    It 'gives the queries of a container once, however many of its connections are piped in' {
        $connections = '/win/calm', '/win/shop', '/win/calm', '/win/shop' | ForEach-Object -Process { [pscustomobject]@{ ContainerId = $_; Address = $agent.Address } }
        $connections | Get-CorootDnsQuery -Status ok | Get-Text | Should -Be @('calm db.example TypeA ok 1', 'shop db.example TypeA ok 5')
    }

    It 'says what is not there, and is silent for what is there and has nothing' {
        $null = Get-CorootDnsQuery -Container 'no-such' -ErrorVariable problem -ErrorAction SilentlyContinue @at
        $problem[0].FullyQualifiedErrorId | Should -Be 'CorootNotFound,Get-CorootDnsQuery'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $null = Get-CorootDnsQuery -Domain 'no.example' -ErrorVariable problem -ErrorAction SilentlyContinue @at
        $problem[0].Exception.Message | Should -Match "domain 'no\.example'"
        Get-CorootDnsQuery -Container mute -ErrorAction Stop @at | Should -BeNullOrEmpty
        Get-CorootDnsQuery -Domain 'no.*' -ErrorAction Stop @at | Should -BeNullOrEmpty
        Get-CorootDnsQuery -Domain 'db.example' -Container calm -Failed -ErrorAction Stop @at | Should -BeNullOrEmpty
    }

    It 'has with -Summary one object a container: counts, times, the last failure' {
        $shop, $calm = Get-CorootDnsQuery -Summary @at
        $shop.PSTypeNames[0] | Should -Be 'CorootAgent.DnsSummary'
        $shop.Queries, $shop.FailedQueries, $shop.Unanswered, $shop.TimedQueries | Should -Be @(12, 7, 2, 8)
        $shop.TotalTime.TotalMilliseconds | Should -Be 200
        $shop.MeanTime.TotalMilliseconds | Should -Be 25
        $shop.LastFailure | Should -Be ([datetime]::new(2023, 11, 14, 22, 13, 20, 250, [DateTimeKind]::Utc)).ToLocalTime()
        $shop.LastFailureDomain, $shop.LastFailureType, $shop.LastFailureStatus, $shop.LastFailureCode | Should -Be @('gone.example', 'TypeA', 'nxdomain', 9003)
        $calm.Queries, $calm.FailedQueries | Should -Be @(1, 0)
        $calm.MeanTime, $calm.LastFailure, $calm.LastFailureCode | Should -BeNullOrEmpty
        (Get-CorootDnsQuery -Summary -Failed @at).ContainerName | Should -Be 'shop'
    }

    It 'prints tables' {
        Get-CorootDnsQuery -Failed @at | Out-String -Width 200 | Should -Match 'Container\s+Domain\s+Type\s+Status\s+Count[\s-]+shop\s+db\.example\s+TypeAAAA\s+nodata\s+3'
        Get-CorootDnsQuery -Summary @at | Out-String -Width 200 | Should -Match 'shop\s+12\s+7\s+2\s+25\.0\s.*2023.*gone\.example TypeA nxdomain'
    }

    It 'warns when the limit cut the list off' {
        $whole = $agent.Answers['/api/v1/dns']
        try {
            $agent.Answers['/api/v1/dns'] = $whole -replace '"truncated":false', '"truncated":true'
            $null = Get-CorootDnsQuery -Limit 4 -WarningVariable warning -WarningAction SilentlyContinue @at
            $warning | Should -Match 'Only the first 4 kinds'
        }
        finally { $agent.Answers['/api/v1/dns'] = $whole }
    }
}
