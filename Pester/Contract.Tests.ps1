# The module against the real engine on the demo tape: its objects have the values of the control plane.
BeforeDiscovery {
    $script:address = $env:COROOT_TEST_ADDRESS
}

BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    $env:COROOT_LISTEN = $env:COROOT_TEST_ADDRESS
    function Get-Raw([string] $Path) { Invoke-RestMethod -Uri "http://$($env:COROOT_TEST_ADDRESS)/api/v1/$Path" }
}

AfterAll {
    $env:COROOT_LISTEN = $null
}

Describe 'Against the engine on the demo tape' -Skip:(-not $address) {
    Context 'Get-CorootContainer' {
        BeforeAll { $script:raw = (Get-Raw -Path 'containers').containers }

        It 'returns every container with the values of the control plane' {
            $containers = @(Get-CorootContainer)
            $containers.Count | Should -Be $raw.Count
            for ($i = 0; $i -lt $raw.Count; $i++) {
                $containers[$i].PSTypeNames[0] | Should -Be 'CorootAgent.Container'
                $containers[$i].Id | Should -BeExactly $raw[$i].id
                $containers[$i].Name | Should -BeExactly $raw[$i].name
                $containers[$i].State | Should -BeExactly $raw[$i].state
                $containers[$i].ProcessId | Should -Be $raw[$i].pid
                $containers[$i].Processes | Should -Be $raw[$i].pids
                $containers[$i].Restarts | Should -Be $raw[$i].restarts
                $containers[$i].Crashes | Should -Be $raw[$i].restartsByCause.crash
                $containers[$i].PlannedRestarts | Should -Be $raw[$i].restartsByCause.planned
                $containers[$i].UnknownRestarts | Should -Be $raw[$i].restartsByCause.unknown
                $containers[$i].LastExitMeaning | Should -BeExactly $raw[$i].lastExit.meaning
                $containers[$i].MemoryBytes | Should -Be $raw[$i].rssBytes
                $containers[$i].CpuTime.TotalSeconds | Should -BeGreaterThan ($raw[$i].cpuSeconds - 0.000001)
                $containers[$i].CpuTime.TotalSeconds | Should -BeLessThan ($raw[$i].cpuSeconds + 0.000001)
                $containers[$i].Jobs | Should -Be @($raw[$i].limits.jobs)
                [long] $containers[$i].MemoryLimitBytes | Should -Be $raw[$i].limits.memoryBytes
                $containers[$i].Threads | Should -Be $raw[$i].threads
                $containers[$i].Handles | Should -Be $raw[$i].handles
                $containers[$i].HardFaults | Should -Be $raw[$i].pageFaults.hard
                $containers[$i].ReadBytes | Should -Be $raw[$i].io.readBytes
                $containers[$i].WrittenBytes | Should -Be $raw[$i].io.writtenBytes
                $containers[$i].IoSource | Should -BeExactly $raw[$i].io.source
                $containers[$i].Disk | Should -BeExactly $raw[$i].io.device
                $containers[$i].ImagePath | Should -BeExactly $raw[$i].imagePath
                $containers[$i].ActiveConnections | Should -Be $raw[$i].activeConnections
                $containers[$i].Listeners | Should -Be @($raw[$i].listeners | ForEach-Object -Process { $_.address })
            }
        }

        It 'returns local times, and an empty time for 0' {
            $started = ($raw | Where-Object -Property name -EQ -Value 'redis_6379').startedAtMs
            $epoch = [datetime]::new(1970, 1, 1, 0, 0, 0, [DateTimeKind]::Utc)
            $expected = $epoch.AddTicks([long] ($started * 10000)).ToLocalTime()
            (Get-CorootContainer -Name 'redis_6379').Started | Should -Be $expected
            (Get-CorootContainer -Name 'stock-reader').Uptime | Should -BeNullOrEmpty
        }

        It 'filters by names and ids with wildcards, and by state' {
            (Get-CorootContainer -Name 'stock-*', '/win/redis*').Name | Sort-Object |
                Should -Be @('redis_6379', 'stock-reader', 'stock-writer')
            (Get-CorootContainer 'STOCK-*' -State stopped).Name | Should -Be 'stock-reader'
            ('billing' | Get-CorootContainer).Restarts | Should -Be 2
        }

        It 'has an exit code only when the container exited' {
            (Get-CorootContainer -Name 'stock-reader').LastExitCode | Should -Be 0
            (Get-CorootContainer -Name 'redis_6379').LastExitCode | Should -BeNullOrEmpty
        }

        It 'finds a name with a $ and one with a space' {
            (Get-CorootContainer -Name 'MSSQL$REPORTING').Id | Should -BeExactly '/win/MSSQL_REPORTING'
            (Get-CorootContainer -Name 'Cart Service').Id | Should -BeExactly '/win/Cart Service'
        }

        It 'reads a pattern with an unclosed bracket as a plain name' {
            $null = Get-CorootContainer -Name 'a[b' -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem[0].FullyQualifiedErrorId | Should -Be 'CorootNotFound,Get-CorootContainer'
        }

        It 'reports a missing plain name, and nothing for a pattern without a match' {
            $null = Get-CorootContainer -Name 'no-such' -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem[0].FullyQualifiedErrorId | Should -Be 'CorootNotFound,Get-CorootContainer'
            $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $null = Get-CorootContainer -Name 'no-such*' -ErrorVariable quiet -ErrorAction SilentlyContinue
            $quiet | Should -BeNullOrEmpty
        }

        It 'prints a table' {
            $text = Get-CorootContainer -Name billing | Out-String -Width 200
            $text | Should -Match 'Name\s+State\s+PID\s+Uptime\s+Restarts\s+CPU\(s\)\s+Memory\(MB\)\s+Conns\s+Listeners'
            $text | Should -Match 'billing\s+running\s+\d+'
        }
    }

    Context 'Get-CorootConnection' {
        BeforeAll { $script:raw = (Get-Raw -Path 'connections').connections }

        It 'returns every destination with the values of the control plane' {
            $connections = @(Get-CorootConnection)
            $connections.Count | Should -Be $raw.Count
            for ($i = 0; $i -lt $raw.Count; $i++) {
                $connections[$i].PSTypeNames[0] | Should -Be 'CorootAgent.Connection'
                $connections[$i].ContainerId | Should -BeExactly $raw[$i].containerId
                $connections[$i].Destination | Should -BeExactly $raw[$i].destination
                $connections[$i].ActualDestination | Should -BeExactly $raw[$i].actualDestination
                $connections[$i].DestinationName | Should -BeExactly $raw[$i].destinationName
                $connections[$i].Active | Should -Be $raw[$i].active
                $connections[$i].SuccessfulConnects | Should -Be $raw[$i].successfulConnects
                $connections[$i].FailedConnects | Should -Be $raw[$i].failedConnects
                $connections[$i].SentBytes | Should -Be $raw[$i].sentBytes
            }
        }

        It 'keeps only failed destinations with -Failed' {
            $expected = @($raw | Where-Object -FilterScript { $_.failedConnects -gt 0 })
            @(Get-CorootConnection -Failed).Count | Should -Be $expected.Count
            # A destination without failures is not an error.
            Get-CorootConnection -Destination $raw[0].destination -Failed -ErrorAction Stop |
                Where-Object -Property FailedConnects -EQ -Value 0 | Should -BeNullOrEmpty
        }

        It 'takes containers from the pipeline and filters destinations' {
            $expected = @($raw | Where-Object -FilterScript { $_.containerId -like '/win/stock-*' })
            @(Get-CorootContainer -Name 'stock-*' | Get-CorootConnection).Count | Should -Be $expected.Count
            $one = $raw[0].destination
            (Get-CorootConnection -Destination $one).ContainerId |
                Should -Be ($raw | Where-Object -Property destination -EQ -Value $one).containerId
        }

        It 'filters destinations by the name from the DNS, and reports a missing plain destination' {
            $named = $raw | Where-Object -FilterScript { $_.destinationName } | Select-Object -First 1
            @(Get-CorootConnection -Destination $named.destinationName.ToUpperInvariant()).Destination |
                Should -Contain $named.destination
            $absent = 'no.example:1', 'no.*'
            $null = Get-CorootConnection -Destination $absent -ErrorVariable problem -ErrorAction SilentlyContinue
            @($problem.TargetObject) | Should -Be @('no.example:1')
        }

        It 'filters before the limit truncates the list' {
            $last = $raw[-1]
            $filter = @{ Container = $last.containerId; Destination = $last.destination; Limit = 1 }
            (Get-CorootConnection @filter -WarningAction Stop).Destination | Should -Be $last.destination
        }

        It 'warns when the limit truncated the list' {
            $null = Get-CorootConnection -Limit 1 -WarningVariable warning -WarningAction SilentlyContinue
            $warning | Should -Match 'Only the first 1'
        }

        It 'reports a missing container, and nothing for one without connections' {
            $null = Get-CorootConnection -Container 'no-such' -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem[0].FullyQualifiedErrorId | Should -Be 'CorootNotFound,Get-CorootConnection'
            $quiet = Get-CorootConnection -Container 'redis_6379' -ErrorVariable none -ErrorAction SilentlyContinue
            $quiet | Should -BeNullOrEmpty
            $none | Should -BeNullOrEmpty
        }

        It 'reads from the agent of the piped containers' {
            $before = $env:COROOT_LISTEN
            try {
                $env:COROOT_LISTEN = '127.0.0.1:1'
                @(Get-CorootContainer -Name orders-api -Address $before | Get-CorootConnection).Count | Should -Be 4
            }
            finally { $env:COROOT_LISTEN = $before }
        }

        It 'prints a table' {
            Get-CorootConnection | Out-String -Width 200 |
                Should -Match 'Container\s+Destination\s+Active\s+Successful\s+Failed\s+LastFailure'
        }
    }

    Context 'Get-CorootDnsRequest' {
        BeforeAll { $script:raw = (Get-Raw -Path 'dns-requests').containers }

        It 'returns every request with the values of the control plane' {
            $expected = foreach ($each in $raw) {
                foreach ($one in $each.requests) {
                    "$($each.containerId) $($one.domain) $($one.type) $($one.status) $($one.count)"
                }
            }
            @($expected).Count | Should -BeGreaterThan 5
            Get-CorootDnsRequest |
                ForEach-Object -Process { "$($_.ContainerId) $($_.Domain) $($_.Type) $($_.Status) $($_.Count)" } |
                Should -Be $expected
        }

        It 'returns one summary per container with -Summary' {
            $summaries = @(Get-CorootDnsRequest -Summary)
            $summaries.ContainerId | Should -Be $raw.containerId
            for ($i = 0; $i -lt $raw.Count; $i++) {
                $summaries[$i].TimedRequests | Should -Be $raw[$i].timedRequests
                [math]::Abs($summaries[$i].MeanDuration.TotalSeconds - $raw[$i].meanDurationSeconds) |
                    Should -BeLessThan 0.000001
                [long] $summaries[$i].LastFailureCode | Should -Be $raw[$i].lastFailure.code
            }
        }

        It 'filters by domain, type and status' {
            $expected = @($raw.requests | Where-Object -FilterScript {
                    $_.domain -like '*.example' -and $_.type -eq 'TypeA' -and $_.status -like 'nx*'
                })
            $expected.Count | Should -BeGreaterThan 0
            $found = @(Get-CorootDnsRequest -Domain '*.example' -Type a -Status 'nx*')
            $found.Count | Should -Be $expected.Count
            $found.Type, $found.Status | Select-Object -Unique | Should -Be @('TypeA', 'nxdomain')
            $null = Get-CorootDnsRequest -Domain 'no.example' -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem[0].Exception.Message | Should -Match "domain 'no\.example'"
            $domain = $expected[0].domain
            Get-CorootDnsRequest -Domain $domain -Status 'bad_name' -ErrorAction Stop | Should -BeNullOrEmpty
        }

        It 'finds failed requests of containers and connections from the pipeline' {
            $missed = Get-CorootContainer -Name 'app_*' | Get-CorootDnsRequest -Failed -Type A
            $missed.Domain, $missed.Status | Should -Be @('telemetry.legacy.example', 'nxdomain')
            Get-CorootConnection -Failed -Destination '*gateway*' | Get-CorootDnsRequest |
                ForEach-Object -Process { $_.Domain } | Should -Be 'pay.gateway.example'
        }
    }

    Context 'Get-CorootListener and Get-CorootProcess' {
        It 'return every listener, and those of some containers' {
            $raw = (Get-Raw -Path 'listeners').listeners
            $expected = $raw | ForEach-Object -Process {
                "$($_.address) $($_.containerId) $($_.service) $($_.pid) $($_.detectedBy)"
            }
            Get-CorootListener | ForEach-Object -Process {
                "$($_.Listener) $($_.ContainerId) $($_.Service) $($_.ProcessId) $($_.DetectedBy)"
            } | Should -Be $expected
            @(Get-CorootContainer -Name 'MSSQL*' | Get-CorootListener).Count | Should -Be 2
            (Get-CorootListener -Service 'redis*').Listener |
                Should -Be (Get-CorootContainer -Name redis_6379).Listeners
            Get-CorootListener | Out-String -Width 200 |
                Should -Match 'Listener\s+Container\s+Service\s+PID\s+DetectedBy\s+Detail'
        }

        It 'return every process, and those of one container' {
            $raw = (Get-Raw -Path 'processes').processes
            $expected = $raw | ForEach-Object -Process { "$($_.pid) $($_.parentPid) $($_.name) $($_.containerIds)" }
            Get-CorootProcess |
                ForEach-Object -Process { "$($_.ProcessId) $($_.ParentId) $($_.ProcessName) $($_.ContainerId)" } |
                Should -Be $expected
            $container = Get-CorootContainer -Name payments
            ($container | Get-CorootProcess).ProcessId | Sort-Object | Should -Be ($container.Processes | Sort-Object)
            (Get-CorootProcess -ProcessId $container.ProcessId).ContainerId | Should -Be '/win/payments'
            (Get-CorootProcess -ProcessName 'conhost*').ProcessName | Should -Be 'conhost.exe'
        }
    }

    Context 'Get-CorootGpu' {
        It 'returns every GPU with its processes and their containers' {
            $raw = @((Get-Raw -Path 'gpus').gpus)
            $gpus = @(Get-CorootGpu)
            $gpus.Uuid | Should -Be $raw.uuid
            $gpus[0].UsedMemoryBytes | Should -Be $raw[0].memoryUsedBytes
            $gpus[0].PeakUtilization | Should -Be $raw[0].peakUtilizationPercent
            $gpus[0].Processes.ProcessId | Should -Be $raw[0].processes.pid
            $gpus[0].Processes.ContainerId | Should -Contain '/win/catalog'
            @(Get-CorootGpu -Gpu 'nvidia l*').Count | Should -Be 1
            @(Get-CorootGpu -Gpu 'GPU-0*').Count | Should -Be 0
            $gpus | Out-String -Width 200 | Should -Match 'Name\s+Utilization\s+Peak\s+Used\(MB\)'
        }
    }

    Context 'Get-CorootNode and Get-CorootServiceGroup' {
        It 'return the machine' {
            $raw = Get-Raw -Path 'node'
            $node = Get-CorootNode
            $node.HostName | Should -BeExactly $raw.hostname
            $node.MemoryBytes | Should -Be $raw.memory.totalBytes
            $node.IdleTime.TotalSeconds | Should -BeGreaterThan ($raw.cpu.idleSeconds - 0.001)
            $node.Disks.Reads | Should -Be $raw.disks.reads
            $node.Adapters.Name | Should -Be $raw.interfaces.name
            $node | Out-String | Should -Match 'Memory\(MB\)\s+: '
            $node.Disks | Out-String -Width 200 | Should -Match 'Device\s+Size\(MB\)'
        }

        It 'return the shared processes, by group or by service' {
            $raw = (Get-Raw -Path 'service-groups').groups
            (Get-CorootServiceGroup).ProcessId | Should -Be $raw.pid
            $group = Get-CorootServiceGroup -Name Dhcp
            $group.Group | Should -Be 'LocalServiceNetworkRestricted'
            $group.Services.Name | Should -Be $raw[0].services.name
            @(Get-CorootServiceGroup -Name 'Local*', Dhcp).Count | Should -Be 1
            $null = Get-CorootServiceGroup -Name 'no-such' -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem[0].FullyQualifiedErrorId | Should -Be 'CorootNotFound,Get-CorootServiceGroup'
        }
    }

    Context 'Get-CorootService' {
        BeforeAll { $script:raw = (Get-Raw -Path 'services').services }

        It 'returns every service with its rule' {
            $services = @(Get-CorootService)
            $services.Count | Should -Be $raw.Count
            $services[0].PSTypeNames[0] | Should -Be 'CorootAgent.Service'
            ($services | ForEach-Object -Process { "$($_.Name) $($_.Rule) $($_.ContainerId)" }) |
                Should -Be ($raw | ForEach-Object -Process { "$($_.name) $($_.rule) $($_.containerId)" })
        }

        It 'filters by name and by rule' {
            (Get-CorootService -Name 'CDP*' -Rule 'per-*').Name | Should -Be @('CDPUserSvc_3f1c2', 'CDPUserSvc')
            (Get-CorootService -Name redis_6379).IsContainer | Should -BeTrue
            (Get-CorootService -Rule unreadable).Explanation | Should -Match 'access denied'
        }

        It 'has the other services of a shared process' {
            (Get-CorootService | ForEach-Object -Process { "$($_.Name) $($_.Group) $($_.SharedWith -join ' ')" }) |
                Should -Be ($raw | ForEach-Object -Process { "$($_.name) $($_.group) $($_.sharedWith -join ' ')" })
        }

        It 'reads names with characters outside ASCII as UTF-8' {
            (Get-CorootService -Name "s$([char] 0xf8)k-indeks").DisplayName | Should -BeExactly "S$([char] 0xf8)k"
        }

        It 'prints a table' {
            Get-CorootService -Name redis* | Out-String -Width 250 |
                Should -Match 'Name\s+State\s+StartType\s+PID\s+Container\s+Rule\s+Explanation'
        }
    }

    Context 'Get-CorootAgent' {
        It 'returns the state of agent and host' {
            $raw = Get-Raw -Path 'status'
            $agent = Get-CorootAgent
            $agent.PSTypeNames[0] | Should -Be 'CorootAgent.Agent'
            $agent.Version | Should -BeExactly $raw.agent.version
            $agent.ProcessId | Should -Be $raw.agent.pid
            $agent.HostKind | Should -Be 'tape'
            $agent.State | Should -Be 'degraded'
            $agent.Passes | Should -Be $raw.passes.count
            $agent.Uptime.TotalSeconds | Should -Be $raw.host.uptimeSeconds
            $agent.Sources.Kind | Should -Be $raw.sources.kind
            $agent.UnmatchedPatterns.Count | Should -Be @($raw.unmatchedPatterns).Count
            $agent.Problems | Should -Be ($raw.sources.problems | Where-Object -FilterScript { $_ })
            $agent | Out-String | Should -Match 'Version\s+: '
        }
    }
}
