# The module as a whole: its manifest, its commands and their help.
BeforeDiscovery {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    $script:functions = Get-ChildItem -Path (Join-Path -Path $root -ChildPath 'CorootAgent/Public') -Filter '*.ps1' |
        ForEach-Object -Process { $_.BaseName }
}

BeforeAll {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    $script:manifest = Join-Path -Path $root -ChildPath 'CorootAgent/CorootAgent.psd1'
    Import-Module -Name $manifest -Force
}

Describe 'The module' {
    It 'has a valid manifest' {
        (Test-ModuleManifest -Path $manifest).Name | Should -Be 'CorootAgent'
    }

    It 'exports one function for each file in Public, and nothing else' {
        $files = Get-ChildItem -Path (Join-Path -Path $root -ChildPath 'CorootAgent/Public') -Filter '*.ps1' |
            ForEach-Object -Process { $_.BaseName }
        $exported = (Get-Module -Name CorootAgent).ExportedCommands.Keys
        ($exported | Sort-Object) -join ',' | Should -Be (($files | Sort-Object) -join ',')
    }

    It 'has the version of the engine' {
        $package = Get-Content -Path (Join-Path -Path $root -ChildPath 'package.json') -Raw | ConvertFrom-Json
        (Test-ModuleManifest -Path $manifest).Version.ToString() | Should -Be $package.version
    }

    It 'loads every format file, and names each command in the about topic and docs/powershell.md' {
        $files = Get-ChildItem -Path (Join-Path -Path $root -ChildPath 'CorootAgent') -Filter '*.ps1xml' |
            ForEach-Object -Process { $_.Name }
        (Import-PowerShellDataFile -Path $manifest).FormatsToProcess | Sort-Object | Should -Be ($files | Sort-Object)
        $topic = Join-Path -Path $root -ChildPath 'CorootAgent/en-US/about_CorootAgent.help.txt'
        $about = Get-Content -Path $topic -Raw
        $page = Get-Content -Path (Join-Path -Path $root -ChildPath 'docs/powershell.md') -Raw
        foreach ($name in (Get-Command -Module CorootAgent -Verb Get).Name) {
            $about | Should -Match "$name\b"
            $page | Should -Match "``$name\b"
        }
    }

    It 'uses only approved verbs' {
        $approved = (Get-Verb).Verb
        (Get-Command -Module CorootAgent).Verb | Where-Object -FilterScript { $approved -notcontains $_ } |
            Should -BeNullOrEmpty
    }

    It 'has the prefix Coroot on each noun' {
        (Get-Command -Module CorootAgent).Noun | Should -Match '^Coroot[A-Z]'
    }
}

Describe 'Help of <_>' -ForEach $functions {
    BeforeAll {
        $script:help = Get-Help -Name $_ -Full
        $script:command = Get-Command -Name $_
    }

    It 'has a synopsis, a description and at least two examples' {
        $help.Synopsis.Trim() | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -Match ([regex]::Escape("$($command.Name) ["))
        ($help.Description | Out-String).Trim() | Should -Not -BeNullOrEmpty
        @($help.Examples.Example).Count | Should -BeGreaterOrEqual 2
        foreach ($example in $help.Examples.Example) { ($example | Out-String) | Should -Match 'Coroot' }
    }

    It 'describes every parameter that is not a common one' {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        foreach ($name in $command.Parameters.Keys | Where-Object -FilterScript { $common -notcontains $_ }) {
            ($help.parameters.parameter | Where-Object -Property Name -EQ -Value $name).description.Text |
                Should -Not -BeNullOrEmpty -Because "-$name needs a description"
        }
    }

    It 'declares output types with a default view' {
        $views = Get-ChildItem -Path (Join-Path -Path $root -ChildPath 'CorootAgent') -Filter '*.Format.ps1xml' |
            Get-Content -Raw
        $command.OutputType.Name | Should -Not -BeNullOrEmpty
        foreach ($type in $command.OutputType.Name) {
            $type | Should -Match '^CorootAgent\.'
            $views -match [regex]::Escape("<Name>$type</Name>") -match [regex]::Escape("<TypeName>$type</TypeName>") |
                Should -Not -BeNullOrEmpty
        }
    }
}
