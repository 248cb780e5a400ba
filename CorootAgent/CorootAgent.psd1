@{
    RootModule           = 'CorootAgent.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '5e0f7b0a-0f0e-4c9c-9f0e-6a3c6b1d2f47'
    Author               = 'CorootAgent contributors'
    CompanyName          = 'CorootAgent contributors'
    Copyright            = '(c) CorootAgent contributors. Apache-2.0.'
    Description          = 'Shows what CorootAgent found on a Windows host, and controls its service.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FormatsToProcess     = @(
        'CorootAgent.Format.ps1xml', 'CorootAgent.Network.Format.ps1xml', 'CorootAgent.Logs.Format.ps1xml'
    )
    FunctionsToExport    = @(
        'Get-CorootAgent',
        'Get-CorootConnection',
        'Get-CorootContainer',
        'Get-CorootDnsRequest',
        'Get-CorootGpu',
        'Get-CorootListener',
        'Get-CorootLog',
        'Get-CorootLogPattern',
        'Get-CorootNode',
        'Get-CorootProcess',
        'Get-CorootService',
        'Get-CorootServiceGroup',
        'Install-CorootAgent',
        'Restart-CorootAgent',
        'Start-CorootAgent',
        'Stop-CorootAgent',
        'Uninstall-CorootAgent'
    )
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags = @('Coroot', 'Monitoring', 'Observability', 'Windows', 'Services')
        }
    }
}
