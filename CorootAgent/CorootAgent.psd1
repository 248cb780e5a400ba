# The manifest of the module: PowerShell over the control plane of CorootAgent for Windows.
@{
    RootModule           = 'CorootAgent.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '851a357c-8ffb-43df-9b4f-188be853dad6'
    Author               = 'The CorootAgent authors'
    CompanyName          = 'CorootAgent'
    Copyright            = 'Apache-2.0'
    Description          = 'Asks a running CorootAgent for Windows what it sees: services and containers with their processes and memory, listeners, connections, and the state of the agent itself.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FormatsToProcess     = @('CorootAgent.Format.ps1xml')
    FunctionsToExport    = @('Get-CorootAgent', 'Get-CorootConnection', 'Get-CorootContainer', 'Get-CorootService')
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags = @('Coroot', 'Monitoring', 'Observability', 'Prometheus', 'Windows')
        }
    }
}
