# PSScriptAnalyzer on every script that a user gets: its default rules, and the syntax and commands of Windows
# PowerShell 5.1.
BeforeDiscovery {
    $script:root = Split-Path -Path $PSScriptRoot -Parent
    $folders = 'CorootAgent', 'docs/checks' | ForEach-Object -Process { Join-Path -Path $root -ChildPath $_ }
    $script:scripts = Get-ChildItem -Path $folders -Recurse -Include '*.ps1', '*.psm1', '*.psd1' |
        ForEach-Object -Process { @{ Name = $_.Name; Path = $_.FullName } }
}

BeforeAll {
    Import-Module -Name PSScriptAnalyzer
    # The profile of Windows PowerShell 5.1 on Windows Server 2016.
    $profileName = 'win-8_x64_10.0.14393.0_5.1.14393.2791_x64_4.0.30319.42000_framework'
    $analyzerFolder = (Get-Module -Name PSScriptAnalyzer).ModuleBase
    $profileFile = Join-Path -Path $analyzerFolder -ChildPath "compatibility_profiles/$profileName.json"
    $script:compatibility = @{
        IncludeRules = @('PSUseCompatibleSyntax', 'PSUseCompatibleCmdlets')
        Rules        = @{
            PSUseCompatibleSyntax  = @{ Enable = $true; TargetVersions = @('5.1', '7.0') }
            PSUseCompatibleCmdlets = @{ compatibility = @('desktop-5.1.14393.206-windows') }
        }
    }
    # A build of the analyzer may come without the profiles, which only this rule needs.
    if (Test-Path -LiteralPath $profileFile) {
        $compatibility.IncludeRules += 'PSUseCompatibleCommands'
        $compatibility.Rules.PSUseCompatibleCommands = @{ Enable = $true; TargetProfiles = @($profileName) }
    }
    function Get-Finding {
        param([string] $Path, [hashtable] $Settings)
        $selected = if ($Settings) { @{ Settings = $Settings } } else { @{} }
        Invoke-ScriptAnalyzer -Path $Path @selected |
            ForEach-Object -Process { "$($_.ScriptName):$($_.Line) $($_.RuleName): $($_.Message)" }
    }
}

Describe '<Name>' -ForEach $scripts -Tag 'Analyzer' {
    It 'has no finding of the default rules' {
        Get-Finding -Path $Path | Should -BeNullOrEmpty
    }

    It 'uses only syntax and commands of Windows PowerShell 5.1' {
        Get-Finding -Path $Path -Settings $compatibility | Should -BeNullOrEmpty
    }
}

Describe 'The rules for Windows PowerShell 5.1' -Tag 'Analyzer' {
    It 'find <Name>' -ForEach @(
        @{ Name = 'syntax of PowerShell 7'; Text = '$x = $null ?? 1' }
        @{ Name = 'a command that 5.1 does not have'; Text = 'Get-Uptime' }
    ) {
        $file = Join-Path -Path $TestDrive -ChildPath 'new.ps1'
        Set-Content -Path $file -Value $Text
        Get-Finding -Path $file -Settings $compatibility | Should -Not -BeNullOrEmpty
    }
}
