# Runs the tests of this folder and prints their counts as one line of JSON at the end; for `npm run test:powershell`.
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
Import-Module -Name Pester -MinimumVersion 5.7 -ErrorAction Stop
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration
# A file that does not load is a failure, too, though no test of it ran.
$counts = @{
    passed  = $result.PassedCount
    failed  = $result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount
    skipped = $result.SkippedCount + $result.NotRunCount + $result.InconclusiveCount
}
$counts | ConvertTo-Json -Compress
