# The objects, tables, requests and warnings of Get-CorootLog and Get-CorootLogPattern, from fixed answers.
BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
    . (Join-Path -Path $PSScriptRoot -ChildPath 'Rows.ps1')
    $script:hash = 'ab' * 16
    $script:rows = @(
        New-Row -Field $messageFields -Value @{
            seq = 7; atMs = 1700000000123.5; level = 'error'; containerId = '/win/shop'; containerName = 'shop'
            source = 'stdout/stderr'; body = "first`r`n`tat pay.js"; patternHash = $hash; traceId = 'cd' * 16
            attributes = @{ order = '17' }
        }
        New-Row -Field $messageFields -Value @{
            seq = 8; atMs = 1700000001000; level = 'critical'; source = 'EventLog'; body = 'rebooted'
            channel = 'System'; provider = 'Microsoft-Windows-Kernel-Power'; eventId = 41
            recordId = '9007199254740993'
        }
    )
    function New-LogAnswer([hashtable] $Value = @{}) {
        $known = @{ messages = $rows; cursor = '1-8' } + $Value
        $body = New-Row -Field ($logsFields + ', observedAtMs n') -Value $known
        ConvertTo-Json -InputObject $body -Depth 20
    }
    $patterns = @(
        New-Row -Field $patternFields -Value @{
            containerId = '/win/shop'; containerName = 'shop'; source = 'stdout/stderr'; level = 'error'; hash = $hash
            sample = "first`n more"; count = 12; firstAtMs = 1700000000000; lastAtMs = 1700000001000; isNew = $true
        }
    )
    $containers = '{"containers":[{"id":"/win/shop","name":"shop"},{"id":"/win/mute","name":"mute"}]}'
    $script:agent = Start-FakeAgent -Answers @{
        '/api/v1/logs'         = New-LogAnswer
        '/api/v1/log-patterns' = ConvertTo-Json -Depth 9 -InputObject @{
            observedAtMs = 1700000100000; truncated = $false; patterns = $patterns
        }
        '/api/v1/containers'   = $containers
    }
    $script:at = @{ Address = $agent.Address }
}

AfterAll {
    Stop-FakeAgent -Agent $agent
}

Describe 'Get-CorootLog' {
    BeforeEach { $agent.Answers['/api/v1/logs'] = New-LogAnswer }

    It 'has one object for each message with all of its values' {
        $messages = @(Get-CorootLog @at)
        $messages.Sequence | Should -Be 7, 8
        $first, $second = $messages
        $first.PSTypeNames[0] | Should -Be 'CorootAgent.LogMessage'
        $time = [DateTimeOffset]::FromUnixTimeMilliseconds(1700000000123).AddTicks(5000)
        $first.Time | Should -Be $time.LocalDateTime
        $first.Message | Should -BeExactly "first`r`n`tat pay.js"
        $first.Level | Should -BeExactly 'error'
        $first.ContainerName | Should -BeExactly 'shop'
        $first.PatternHash | Should -BeExactly $hash
        $first.EventId | Should -BeNullOrEmpty
        $first.Attributes['order'] | Should -BeExactly '17'
        $second.EventId | Should -Be 41
        $second.RecordId | Should -BeExactly '9007199254740993'
        $second.Provider | Should -BeExactly 'Microsoft-Windows-Kernel-Power'
        $second.ContainerId | Should -BeExactly ''
    }

    It 'sends <Name> to the control plane' -ForEach @(
        @{ Name = 'nothing but the limit'; Filter = @{}; Expected = 'limit=1000' }
        @{ Name = '-Container'; Filter = @{ Container = 'sh*' }; Expected = 'container=sh*&limit=1000' }
        @{ Name = '-Node'; Filter = @{ Node = $true }; Expected = 'limit=1000&node=true' }
        @{ Name = '-Level'; Filter = @{ Level = 'error', 'info' }; Expected = 'level=error&level=info&limit=1000' }
        @{ Name = '-MinLevel'; Filter = @{ MinLevel = 'warning' }; Expected = 'limit=1000&minLevel=warning' }
        @{ Name = '-Text'; Filter = @{ Text = 'a*b', 'c d' }; Expected = 'limit=1000&text=a*b&text=c d' }
        @{ Name = '-Source'; Filter = @{ Source = 'Event*' }; Expected = 'limit=1000&source=Event*' }
        @{ Name = '-Channel'; Filter = @{ Channel = 'System' }; Expected = 'channel=System&limit=1000' }
        @{ Name = '-Provider'; Filter = @{ Provider = '*Power' }; Expected = 'limit=1000&provider=*Power' }
        @{ Name = '-EventId with 0'; Filter = @{ EventId = 0, 41 }; Expected = 'eventId=0&eventId=41&limit=1000' }
        @{ Name = '-Pattern'; Filter = @{ Pattern = 'ab' * 16 }; Expected = "limit=1000&pattern=$('ab' * 16)" }
        @{ Name = '-Last'; Filter = @{ Last = 5 }; Expected = 'limit=5' }
        @{ Name = '-First'; Filter = @{ First = 5 }; Expected = 'after=0&limit=5' }
        @{
            Name     = '-Since'
            Filter   = @{ Since = [datetime]::new(2023, 11, 14, 22, 13, 20, [DateTimeKind]::Utc).ToLocalTime() }
            Expected = 'limit=1000&since=1700000000000'
        }
    ) {
        $before = $agent.Queries.Count
        $null = Get-CorootLog @at @Filter
        $agent.Queries[$before] | Should -BeExactly $Expected
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'a level that does not exist'; Filter = @{ Level = 'warn' } }
        @{ Name = 'an empty text'; Filter = @{ Text = '' } }
        @{ Name = 'an empty source'; Filter = @{ Source = '' } }
        @{ Name = 'an empty container'; Filter = @{ Container = '' } }
        @{ Name = 'no container'; Filter = @{ Container = $null } }
        @{ Name = 'a text that is no hash'; Filter = @{ Pattern = 'abc' } }
        @{ Name = 'an invalid pattern of a text'; Filter = @{ Text = '[z-a]' } }
        @{ Name = '-First with -Last'; Filter = @{ First = 1; Last = 1 } }
        @{ Name = '-First with -Follow'; Filter = @{ First = 1; Follow = $true } }
    ) {
        $before = $agent.Paths.Count
        { Get-CorootLog @at @Filter } | Should -Throw
        $agent.Paths.Count | Should -Be $before
    }

    It 'selects by piped containers, and reports a name that no container has' {
        $before = $agent.Queries.Count
        $null = [pscustomobject]@{ ContainerId = '/win/shop' } | Get-CorootLog @at
        $agent.Queries[$before] | Should -BeExactly 'container=/win/shop&limit=1000'
        $null = Get-CorootLog @at -Container 'mute', 'nosuch' -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'CorootNotFound,*'
    }

    It 'warns of messages that the default number leaves out, and not of those that -Last leaves out' {
        $agent.Answers['/api/v1/logs'] = New-LogAnswer -Value @{ truncated = $true }
        $null = Get-CorootLog @at -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Be 'Only the last 1000 messages are returned; ask for more with -Last.'
        $null = Get-CorootLog @at -Last 2 -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeNullOrEmpty
    }

    It 'shows time, level, container and the first line in 120 and in 80 columns' {
        foreach ($width in 120, 80) {
            $text = Get-CorootLog @at | Out-String -Width $width
            $text | Should -Match 'Time\s+Level\s+Container\s+Message'
            $text | Should -Match '\.123 error\s+shop\s+first\s'
            $text | Should -Match '\.000 critical \(node\)\s+rebooted'
            $text | Should -Not -Match 'at pay'
        }
    }

    It 'goes on with new messages with -Follow, and ends with the pipeline' {
        $before = $agent.Queries.Count
        $messages = @(Get-CorootLog @at -Follow -Level error -Last 3 | Select-Object -First 4)
        $messages.Sequence | Should -Be 7, 8, 7, 8
        $agent.Queries[$before] | Should -BeExactly 'level=error&limit=3'
        $agent.Queries[$before + 1] | Should -BeExactly 'after=1-8&level=error&limit=1000'
    }

    It 'warns of missed messages and of a restart with -Follow' {
        $agent.Answers['/api/v1/logs'] = New-LogAnswer -Value @{ restarted = $true; missed = 5 }
        $follow = @{ Follow = $true; WarningVariable = 'warned'; WarningAction = 'SilentlyContinue' }
        $null = Get-CorootLog @at @follow | Select-Object -First 3
        "$warned" | Should -Match '5 messages of all containers were removed before they were read'
        "$warned" | Should -Match 'The agent was restarted: messages'
    }

    It 'goes on when the agent is not ready for a while, and leaves no record in $Error' {
        $answer = New-LogAnswer
        $busy = '{"error":{"code":"NOT_READY","message":"not ready","hint":"Wait."}}'
        $shared = $agent.Answers
        $Error.Clear()
        $follow = @{ Follow = $true; WarningVariable = 'warned'; WarningAction = 'SilentlyContinue' }
        $round = 0
        $messages = @(Get-CorootLog @at @follow | ForEach-Object -Process {
                $round++
                # After the first two messages the agent is not ready, and a timer makes it ready again.
                if ($round -eq 2) {
                    $shared['/api/v1/logs'] = $busy
                    $script:ready = [powershell]::Create().AddScript({
                            param($shared, $answer)
                            Start-Sleep -Milliseconds 1500
                            $shared['/api/v1/logs'] = $answer
                        }).AddArgument($shared).AddArgument($answer)
                    $null = $ready.BeginInvoke()
                }
                $_
            } | Select-Object -First 3)
        $messages.Sequence | Should -Be 7, 8, 7
        "$warned" | Should -BeExactly 'The log is interrupted: not ready. Wait. Trying again. The agent answers again.'
        $Error.Count | Should -Be 0
    }
}

Describe 'Get-CorootLogPattern' {
    It 'has one object for each pattern with all of its values' {
        $pattern = Get-CorootLogPattern @at
        $pattern.PSTypeNames[0] | Should -Be 'CorootAgent.LogPattern'
        $pattern.Count | Should -BeOfType [long]
        $pattern.Count | Should -Be 12
        $pattern.Hash | Should -BeExactly $hash
        $pattern.Sample | Should -BeExactly "first`n more"
        $pattern.IsNew | Should -BeTrue
        $pattern.Last - $pattern.First | Should -Be ([timespan] '00:00:01')
        $pattern | Out-String -Width 80 | Should -Match '12 error\s+new \d{4}-\d\d-\d\d \S+ shop\s+first'
    }

    It 'sends <Name> to the control plane' -ForEach @(
        @{ Name = 'order and limit'; Filter = @{}; Expected = 'limit=1000&sort=count' }
        @{
            Name     = '-New and -Sort'
            Filter   = @{ New = $true; Sort = 'Last' }
            Expected = 'limit=1000&new=true&sort=last'
        }
        @{
            Name     = '-Container and -Level'
            Filter   = @{ Container = 's*'; Level = 'error' }
            Expected = 'container=s*&level=error&limit=1000&sort=count'
        }
        @{
            Name     = '-Node and -Text'
            Filter   = @{ Node = $true; Text = 'x' }
            Expected = 'limit=1000&node=true&sort=count&text=x'
        }
        @{ Name = '-Limit'; Filter = @{ Limit = 3 }; Expected = 'limit=3&sort=count' }
    ) {
        $before = $agent.Queries.Count
        $null = Get-CorootLogPattern @at @Filter
        $agent.Queries[$before] | Should -BeExactly $Expected
    }

    It 'names the container of a pattern or message that is piped on' {
        $before = $agent.Queries.Count
        $null = Get-CorootLogPattern @at | Get-CorootLog
        $agent.Queries[$before + 1] | Should -BeExactly 'container=/win/shop&limit=1000'
    }
}
