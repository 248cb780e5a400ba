# Runs the tests of this folder and prints their counts as one line of JSON at the end; for `npm run test:powershell`.
[CmdletBinding()]
param(
    # The manifest of the Pester version to use.
    [Parameter(Mandatory)]
    [string] $PesterPath,

    # Runs only the tests with one of these tags.
    [string[]] $Tag = @(),

    # Runs all tests except those with one of these tags.
    [string[]] $ExcludeTag = @()
)

$ErrorActionPreference = 'Stop'
Import-Module -Name $PesterPath
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Filter.Tag = $Tag
$configuration.Filter.ExcludeTag = $ExcludeTag
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration
$counts = @{
    passed  = $result.PassedCount
    # A file that does not load counts as a failure, although none of its tests ran.
    failed  = $result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount
    # Tests that the tags exclude do not count as skipped.
    skipped = $result.SkippedCount + $result.InconclusiveCount
}
$counts | ConvertTo-Json -Compress
