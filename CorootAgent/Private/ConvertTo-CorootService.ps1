# The services in an answer of /api/v1/services.
function ConvertTo-CorootService {
    [CmdletBinding()]
    [OutputType('CorootAgent.Service')]
    param(
        [Parameter(Mandatory)]
        [pscustomobject] $Answer,

        # As Resolve-CorootAddress gives it.
        [Parameter(Mandatory)]
        [pscustomobject] $Target
    )

    if ($Answer.stale) {
        Write-Warning -Message 'The last poll of the service control manager failed: these are the services of the poll before.'
    }
    $observedAt = ConvertFrom-CorootTime -Milliseconds $Answer.observedAtMs
    foreach ($service in $Answer.services) {
        [pscustomobject]@{
            PSTypeName   = 'CorootAgent.Service'
            Name         = [string] $service.name
            DisplayName  = [string] $service.displayName
            State        = [string] $service.state
            StartType    = [string] $service.startType
            ProcessId    = if ($service.pid -ne 0) { [int] $service.pid } else { $null }
            ContainerId  = [string] $service.containerId
            Rule         = [string] $service.rule
            Explanation  = [string] $service.explanation
            ObservedAt   = $observedAt
            AgentAddress = $Target.Text
        }
    }
}
