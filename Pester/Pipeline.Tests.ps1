# What the cmdlets take from the pipeline: names are patterns, objects stand for exactly what they name, on their agent.
BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    . (Join-Path -Path $PSScriptRoot -ChildPath 'FakeAgent.ps1')
    . (Join-Path -Path $PSScriptRoot -ChildPath 'Rows.ps1')
    # The second agent has the same names with other values.
    $script:first = Start-FakeAgent -Answers (New-HostAnswer -State 'running' -ProcessId 100)
    $script:second = Start-FakeAgent -Answers (New-HostAnswer -State 'stopped' -ProcessId 200)
    $script:before = $env:COROOT_LISTEN
    $env:COROOT_LISTEN = $first.Address
    # A component of .NET has the property Container, which is null; Get-Service and Get-Process return components.
    # The class of Get-Service has no implementation on other systems than Windows, where its properties throw.
    $script:controller = [type]::GetType(
        'System.ServiceProcess.ServiceController, System.ServiceProcess.ServiceController')
    if (-not ('CorootTestComponent' -as [type])) {
        Add-Type -ReferencedAssemblies @(
            'System.ComponentModel.Primitives', 'System.Runtime', $controller.Assembly.Location
        ) -TypeDefinition @'
public class CorootTestComponent : System.ComponentModel.Component { public string Name { get; set; } }
public class CorootTestController : System.ServiceProcess.ServiceController {
    public new string ServiceName { get; set; }
}
'@
    }
    function New-ServiceController([type] $Type, [string] $Name) {
        $made = [Runtime.CompilerServices.RuntimeHelpers]::GetUninitializedObject($Type)
        if ($Name) { $made.ServiceName = $Name }
        $made
    }
    # The addresses of objects, each once.
    function Get-Address { $input | Select-Object -ExpandProperty Address | Select-Object -Unique }
    function Get-Question($Agent, [scriptblock] $Script) {
        $Agent.Queries.Clear()
        $null = & $Script
        , @($Agent.Queries)
    }
}

AfterAll {
    Stop-FakeAgent -Agent $first
    Stop-FakeAgent -Agent $second
    $env:COROOT_LISTEN = $before
}

Describe 'Objects of other modules' {
    It 'names <Noun> of a service controller by its name, although its property Container is null' -ForEach @(
        @{ Noun = 'connections'; Command = 'Get-CorootConnection'; Expected = 'container=shop&limit=10000' }
        @{ Noun = 'DNS requests'; Command = 'Get-CorootDnsRequest'; Expected = 'container=shop&limit=10000' }
        @{ Noun = 'listeners'; Command = 'Get-CorootListener'; Expected = 'container=shop' }
        @{ Noun = 'processes'; Command = 'Get-CorootProcess'; Expected = 'container=shop' }
    ) {
        $made = New-ServiceController -Type ([CorootTestController]) -Name 'shop'
        (Get-Question -Agent $first -Script { $made | & $Command })[0] | Should -BeExactly $Expected
        $component = [CorootTestComponent] @{ Name = 'shop' }
        (Get-Question -Agent $first -Script { $component | & $Command })[0] | Should -BeExactly $Expected
    }

    It 'finds container and service of a service controller' {
        $made = New-ServiceController -Type ([CorootTestController]) -Name 'shop'
        ($made | Get-CorootContainer).Id | Should -Be '/win/shop'
        ($made | Get-CorootService).Name | Should -Be 'shop'
    }

    It 'cannot bind a service controller without a name' {
        $made = New-ServiceController -Type $controller
        $null = $made | Get-CorootConnection -ErrorVariable problem -ErrorAction SilentlyContinue
        @($problem)[0].FullyQualifiedErrorId | Should -Be 'InputObjectNotBound,Get-CorootConnection'
    }

    It 'finds a process of Get-Process by its id only' {
        $null = Get-Process -Id $PID | Get-CorootProcess -ErrorVariable problem -ErrorAction SilentlyContinue
        @($problem.FullyQualifiedErrorId) | Should -Be @('CorootNotFound,Get-CorootProcess')
        $problem[0].TargetObject | Should -Be "$PID"
        ([pscustomobject]@{ Id = 100; Name = 'x' } | Get-CorootProcess).ProcessName | Should -Be 'shop.exe'
    }

    It 'takes the first property that has a name: <Expected>' -ForEach @(
        @{ Object = @{ ContainerId = '/win/calm'; Name = 'shop' }; Expected = 'container=/win/calm&limit=10000' }
        @{ Object = @{ ContainerId = $null; Name = 'shop' }; Expected = 'container=shop&limit=10000' }
        @{ Object = @{ Container = ''; ContainerName = 'shop' }; Expected = 'container=shop&limit=10000' }
        @{ Object = @{ Id = 'sha256:1'; Name = 'shop' }; Expected = 'container=shop&limit=10000' }
        @{ Object = @{ Id = 7; Name = 'shop' }; Expected = 'container=shop&limit=10000' }
        @{ Object = @{ Name = 'shop'; Address = $null }; Expected = 'container=shop&limit=10000' }
        @{ Object = @{ Name = 'shop'; Address = 5 }; Expected = 'container=shop&limit=10000' }
        @{ Object = @{ Name = 'svc*' }; Expected = 'container=svc`*&limit=10000' }
    ) {
        $piped = [pscustomobject] $Object
        (Get-Question -Agent $first -Script { $piped | Get-CorootConnection -ErrorAction Ignore })[0] |
            Should -BeExactly $Expected
    }

    It 'cannot bind <Name> to <Command>' -ForEach @(
        foreach ($command in 'Get-CorootConnection', 'Get-CorootDnsRequest', 'Get-CorootListener', 'Get-CorootProcess',
            'Get-CorootContainer', 'Get-CorootService', 'Get-CorootServiceGroup', 'Get-CorootGpu') {
            @{ Command = $command; Name = 'a date'; Object = [datetime]::new(2020, 1, 1) }
            @{ Command = $command; Name = 'a number'; Object = 2.5 }
            @{ Command = $command; Name = 'a hash table'; Object = @{ Name = 'shop' } }
            @{ Command = $command; Name = 'a property that is null'; Object = [pscustomobject]@{ Name = $null } }
            @{ Command = $command; Name = 'no property'; Object = [pscustomobject]@{ Colour = 'red' } }
        }
    ) {
        $first.Paths.Clear()
        $Error.Clear()
        $Object | & $Command -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        @($problem.FullyQualifiedErrorId) | Should -Be @("InputObjectNotBound,$Command")
        $problem[0].Exception | Should -BeOfType [System.Management.Automation.ParameterBindingException]
        $Error | Should -HaveCount 1
        $first.Paths | Should -BeNullOrEmpty
    }

    It 'refuses an empty name in <Name>, and goes on with the next object' -ForEach @(
        @{ Name = 'ContainerId'; Object = [pscustomobject]@{ ContainerId = '' } }
        @{ Name = 'Name'; Object = [pscustomobject]@{ Name = '' } }
        @{ Name = 'a string'; Object = '' }
    ) {
        $found = $Object, 'shop' | Get-CorootContainer -ErrorVariable problem -ErrorAction SilentlyContinue
        $found.Id | Should -Be '/win/shop'
        @($problem.FullyQualifiedErrorId) | Should -Be @('ParameterArgumentValidationError,Get-CorootContainer')
    }

    It 'refuses a list in which <Name>, and asks for none of its elements' -ForEach @(
        @{ Name = 'an element is null'; Id = 'ParameterArgumentValidationError'; List = @($null, 'shop') }
        @{ Name = 'an element is empty'; Id = 'ParameterArgumentValidationError'; List = @('shop', '') }
        @{ Name = 'the only element is null'; Id = 'ParameterArgumentValidationError'; List = @($null) }
        @{ Name = 'nothing is'; Id = 'ParameterArgumentValidationError'; List = @() }
        @{ Name = 'an element is no text'; Id = 'InputObjectNotBound'; List = @('shop', 5) }
    ) {
        $first.Paths.Clear()
        foreach ($command in 'Get-CorootContainer', 'Get-CorootConnection', 'Get-CorootService') {
            $null = [pscustomobject]@{ Name = $List } |
                & $command -ErrorVariable problem -ErrorAction SilentlyContinue
            @($problem.FullyQualifiedErrorId) | Should -Be @("$Id,$command")
        }
        $first.Paths | Should -BeNullOrEmpty
    }

    It 'takes every element of a list of names' {
        ([pscustomobject]@{ Name = 'shop', 'calm' } | Get-CorootContainer).Name | Should -Be @('shop', 'calm')
    }

    It 'reads the id of a process from <Name>' -ForEach @(
        @{ Name = 'a text, as Import-Csv has it'; Object = @{ Id = '100'; Name = 'shop.exe'; Container = '' } }
        @{ Name = 'an integer of 64 bits'; Object = @{ ProcessId = [uint64] 100 } }
        @{ Name = 'an integer of 16 bits'; Object = @{ ProcessId = [int16] 100 } }
        @{ Name = 'a list'; Object = @{ ProcessId = @(100) } }
    ) {
        ([pscustomobject] $Object | Get-CorootProcess -ErrorAction Stop).ProcessId | Should -Be 100
    }

    It 'reports an id above 31 bits as an id that no process has' {
        $null = [pscustomobject]@{ ProcessId = 5000000000 } |
            Get-CorootProcess -ErrorVariable problem -ErrorAction SilentlyContinue
        @($problem.FullyQualifiedErrorId) | Should -Be @('CorootNotFound,Get-CorootProcess')
    }

    It 'does not ask the agent of this computer about an object of another computer: <Name>' -ForEach @(
        @{ Name = 'an object of remoting'; Object = @{ Name = 'shop'; PSComputerName = 'server1' } }
        @{ Name = 'a service of Windows PowerShell'; Object = @{ Name = 'shop'; MachineName = 'server1' } }
        @{ Name = 'an object with the address of its agent, which is loopback there'; Object = @{
                Name = 'shop'; PSComputerName = 'server1.corp.example'; Address = 'localhost:10300'
            }
        }
    ) {
        $first.Paths.Clear()
        $null = [pscustomobject] $Object, 'shop' |
            Get-CorootContainer -ErrorVariable problem -ErrorAction SilentlyContinue
        @($problem.FullyQualifiedErrorId) | Should -Be @('CorootAgentAddress,Get-CorootContainer')
        $problem[0].Exception.Message | Should -Match 'computer server1'
        # The name that was piped with it.
        $first.Paths | Should -Be @('/api/v1/containers')
        # The user knows the agent of that computer.
        ([pscustomobject] $Object | Get-CorootContainer -Address $second.Address).State | Should -Be 'stopped'
    }

    It 'asks the agent of this computer about an object of <_>' -ForEach @(
        'localhost', '.', '127.0.0.1', '::1', [System.Environment]::MachineName,
        "$([System.Environment]::MachineName).corp.example"
    ) {
        ([pscustomobject]@{ Name = 'shop'; PSComputerName = $_ } | Get-CorootContainer).State | Should -Be 'running'
    }

    It 'returns nothing when nothing is piped' {
        $first.Paths.Clear()
        @() | Get-CorootConnection | Should -BeNullOrEmpty
        @() | Get-CorootContainer | Should -BeNullOrEmpty
        $first.Paths | Should -BeNullOrEmpty
    }

    It 'evaluates a script block for each piped object' {
        $piped = [pscustomobject]@{ Svc = 'calm' }
        (Get-Question -Agent $first -Script { $piped | Get-CorootListener -Container { $_.Svc } })[0] |
            Should -BeExactly 'container=calm'
    }
}

Describe 'Objects of this module' {
    It '<From> | <To> asks for <Expected>' -ForEach @(
        @{ From = 'Get-CorootContainer -Name shop'; To = 'Get-CorootConnection'; Expected = 'container=/win/shop' }
        @{ From = 'Get-CorootConnection'; To = 'Get-CorootListener'; Expected = 'container=/win/shop' }
        @{ From = 'Get-CorootDnsRequest'; To = 'Get-CorootListener'; Expected = 'container=/win/shop' }
        @{ From = 'Get-CorootDnsRequest -Summary'; To = 'Get-CorootListener'; Expected = 'container=/win/shop' }
        @{ From = 'Get-CorootListener'; To = 'Get-CorootConnection'; Expected = 'container=/win/shop' }
        @{ From = 'Get-CorootProcess -Id 100'; To = 'Get-CorootConnection'; Expected = 'container=/win/shop' }
        @{ From = 'Get-CorootService -Name shop'; To = 'Get-CorootConnection'; Expected = 'container=/win/shop' }
        @{ From = '(Get-CorootServiceGroup).Services'; To = 'Get-CorootListener'; Expected = 'container=/win/shop' }
    ) {
        $objects = @(& ([scriptblock]::Create($From)))
        $first.Queries.Clear()
        $null = $objects | & $To
        ($first.Queries[0] -split '&')[0] | Should -BeExactly $Expected
    }

    It '<From> | <To> finds <Expected>' -ForEach @(
        @{ From = 'Get-CorootConnection'; To = 'Get-CorootContainer'; Property = 'Id'; Expected = '/win/shop' }
        @{ From = 'Get-CorootProcess -Id 100'; To = 'Get-CorootContainer'; Property = 'Id'; Expected = '/win/shop' }
        @{ From = 'Get-CorootListener'; To = 'Get-CorootProcess'; Property = 'ProcessId'; Expected = 100 }
        @{ From = 'Get-CorootServiceGroup'; To = 'Get-CorootProcess'; Property = 'ProcessId'; Expected = 100 }
        @{ From = 'Get-CorootContainer shop'; To = 'Get-CorootService'; Property = 'Name'; Expected = 'shop' }
        @{ From = 'Get-CorootConnection'; To = 'Get-CorootService'; Property = 'Name'; Expected = 'shop' }
        @{ From = 'Get-CorootListener'; To = 'Get-CorootService'; Property = 'Name'; Expected = 'shop' }
        @{ From = '(Get-CorootServiceGroup).Services'; To = 'Get-CorootService'; Property = 'Name'; Expected = 'shop' }
        @{ From = '(Get-CorootGpu).Processes'; To = 'Get-CorootProcess'; Property = 'ProcessId'; Expected = 100 }
        @{ From = '(Get-CorootGpu).Processes'; To = 'Get-CorootContainer'; Property = 'Id'; Expected = '/win/shop' }
        @{ From = '(Get-CorootGpu).Processes'; To = 'Get-CorootService'; Property = 'Name'; Expected = 'shop' }
        @{ From = 'Get-CorootGpu 1'; To = 'Get-CorootGpu'; Property = 'Index'; Expected = 1 }
        @{ From = 'Get-CorootServiceGroup'; To = 'Get-CorootServiceGroup'; Property = 'Group'; Expected = 'netsvcs' }
        @{ From = 'Get-CorootService shop'; To = 'Get-CorootServiceGroup'; Property = 'Group'; Expected = 'netsvcs' }
    ) {
        $found = & ([scriptblock]::Create("$From | $To -ErrorAction Stop"))
        @($found.$Property) | Should -Be @($Expected)
    }

    It 'cannot bind the shared processes of Get-CorootServiceGroup to <_>' -ForEach @(
        'Get-CorootService', 'Get-CorootContainer', 'Get-CorootConnection'
    ) {
        $null = Get-CorootServiceGroup | & $_ -ErrorVariable problem -ErrorAction SilentlyContinue
        @($problem.FullyQualifiedErrorId) | Should -Be @("InputObjectNotBound,$_")
    }

    It 'refuses <From>, which is in no container' -ForEach @(
        @{ From = 'Get-CorootProcess -Id 4' }
        @{ From = 'Get-CorootService -Name idle' }
    ) {
        $piped = & ([scriptblock]::Create($From))
        $piped | Should -HaveCount 1
        $first.Paths.Clear()
        $piped | Get-CorootConnection -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        @($problem.FullyQualifiedErrorId) | Should -Be @('ParameterArgumentValidationError,Get-CorootConnection')
        $problem[0].Exception.Message | Should -Match 'ContainerId is empty'
        $first.Paths | Should -BeNullOrEmpty
    }

    It 'stand for exactly their name: <Command>' -ForEach @(
        @{ Command = 'Get-CorootConnection'; Expected = 'container=/win/svc`[1`]&limit=10000' }
        @{ Command = 'Get-CorootDnsRequest'; Expected = 'container=/win/svc`[1`]&limit=10000' }
        @{ Command = 'Get-CorootListener'; Expected = 'container=/win/svc`[1`]' }
        @{ Command = 'Get-CorootProcess'; Expected = 'container=/win/svc`[1`]' }
    ) {
        $container = Get-CorootContainer | Where-Object -Property Name -EQ -Value 'svc[1]'
        (Get-Question -Agent $first -Script { $container | & $Command })[0] | Should -BeExactly $Expected
        $ids = [pscustomobject]@{ Name = 'svc[1]' } | Get-CorootContainer
        $ids.Id | Should -Be '/win/svc[1]'
        ($container | Get-CorootContainer).Id | Should -Be '/win/svc[1]'
    }

    It 'are not asked of this computer when remoting brought them from another one' {
        $remote = Get-CorootContainer -Name shop -Address $second.Address |
            Add-Member -NotePropertyName PSComputerName -NotePropertyValue 'server1' -PassThru
        $first.Paths.Clear()
        $null = $remote | Get-CorootService -ErrorVariable problem -ErrorAction SilentlyContinue
        @($problem.FullyQualifiedErrorId) | Should -Be @('CorootAgentAddress,Get-CorootService')
        $first.Paths | Should -BeNullOrEmpty
        $remote.Address = 'server1.invalid:10300'
        { $remote | Get-CorootService } | Should -Throw -ErrorId 'CorootAgentNotReachable,Get-CorootService'
    }

    It 'name the process after Select-Object, not all processes of its container' {
        $selected = Get-CorootProcess -Id 100 | Select-Object -Property ProcessId, ProcessName, ContainerId
        (Get-Question -Agent $first -Script { $selected | Get-CorootProcess })[0] | Should -Be ''
    }

    It 'keep their meaning after Select-Object and in other sessions' {
        $piped = Get-CorootContainer -Name shop | Select-Object -Property Name, Id
        ($piped | Get-CorootContainer).Id | Should -Be '/win/shop'
        $text = [System.Management.Automation.PSSerializer]::Serialize((Get-CorootService -Name shop))
        $remote = [System.Management.Automation.PSSerializer]::Deserialize($text)
        $remote.PSTypeNames[0] | Should -Be 'Deserialized.CorootAgent.Service'
        ($remote | Get-CorootContainer).Id | Should -Be '/win/shop'
    }

    It 'have the address of their agent: <_>' -ForEach @(
        'Get-CorootAgent', 'Get-CorootContainer', 'Get-CorootConnection', 'Get-CorootDnsRequest',
        'Get-CorootDnsRequest -Summary', 'Get-CorootListener', 'Get-CorootProcess', 'Get-CorootService',
        'Get-CorootServiceGroup', 'Get-CorootNode', 'Get-CorootGpu', '(Get-CorootGpu'
    ) {
        $processes = if ($_ -like '(*') { ').Processes' }
        $objects = @(& ([scriptblock]::Create("$_ -Address $($second.Address)$processes")))
        $objects.Count | Should -BeGreaterThan 0
        $objects | Get-Address | Should -Be $second.Address
    }

    It '<From> | <To> asks the agent of the object' -ForEach @(
        foreach ($to in 'Get-CorootConnection', 'Get-CorootDnsRequest', 'Get-CorootListener', 'Get-CorootProcess',
            'Get-CorootContainer', 'Get-CorootService') {
            foreach ($from in 'Get-CorootContainer', 'Get-CorootService', '(Get-CorootServiceGroup') {
                @{ From = $from; To = $to }
            }
        }
    ) {
        $name = if ($From -notlike '(*') { '-Name shop' }
        $close = if ($From -like '(*') { ').Services' }
        $piped = & ([scriptblock]::Create("$From $name -Address $($second.Address) $close"))
        $first.Paths.Clear()
        $piped | & $To | Get-Address | Should -Be $second.Address
        $first.Paths | Should -BeNullOrEmpty
        # An address on the command line wins.
        $piped | & $To -Address $first.Address | Get-Address | Should -Be $first.Address
    }

    It 'of two agents are asked of each' {
        $both = foreach ($agent in $first, $second) { Get-CorootContainer -Name shop -Address $agent.Address }
        ($both | Get-CorootService).State | Should -Be @('running', 'stopped')
        $both | Get-CorootContainer | Select-Object -ExpandProperty Address |
            Should -Be @($first.Address, $second.Address)
    }
}

Describe 'Names' {
    It '-Name <Name> selects <Expected>' -ForEach @(
        @{ Name = 'svc[1]'; Expected = @('svc1') }
        @{ Name = 'svc`[1`]'; Expected = @('svc[1]') }
        @{ Name = [WildcardPattern]::Escape('svc[1]'); Expected = @('svc[1]') }
        @{ Name = 'svc[[]1]'; Expected = @('svc[1]') }
        @{ Name = 'SVC*'; Expected = @('svc[1]', 'svc1') }
        @{ Name = '/win/s*p'; Expected = @('shop') }
    ) {
        (Get-CorootContainer -Name $Name -ErrorAction Stop).Name | Should -Be $Expected
        ($Name | Get-CorootContainer -ErrorAction Stop).Name | Should -Be $Expected
    }

    It 'reports an escaped name that nothing has' {
        $null = Get-CorootContainer -Name 'no`[1`]' -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -Be 'CorootNotFound,Get-CorootContainer'
        $problem[0].TargetObject | Should -BeExactly 'no[1]'
    }

    It 'reports each missing name once' {
        $null = 'no', 'NO', 'no*' | Get-CorootConnection -ErrorVariable problem -ErrorAction SilentlyContinue
        @($problem.TargetObject) | Should -Be @('no')
    }

    It 'reports a bracket that opens no set as a plain name, and a set in reverse as invalid' {
        foreach ($name in '[]', 'a[b') {
            $null = Get-CorootContainer -Name $name -ErrorVariable problem -ErrorAction SilentlyContinue
            @($problem.FullyQualifiedErrorId) | Should -Be @('CorootNotFound,Get-CorootContainer')
        }
        $Error.Clear()
        { Get-CorootContainer -Name '[z-a]' } |
            Should -Throw -ErrorId 'ParameterArgumentValidationError,Get-CorootContainer'
        $Error | Should -HaveCount 1
    }

    It 'match without regard to case in the culture tr-TR' {
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'tr-TR'
            (Get-CorootContainer -Name 'İDLE*', 'BIG-*').Name | Should -Be 'big-idea'
        }
        finally { [cultureinfo]::CurrentCulture = $culture }
    }
}
