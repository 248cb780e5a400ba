# The connections in an answer of /api/v1/connections.
function ConvertTo-CorootConnection {
    [CmdletBinding()]
    [OutputType('CorootAgent.Connection')]
    param(
        [Parameter(Mandatory)]
        [pscustomobject] $Answer,

        # As Resolve-CorootAddress gives it.
        [Parameter(Mandatory)]
        [pscustomobject] $Target
    )

    if ($Answer.truncated) {
        Write-Warning -Message "The agent has more destinations than it gives at once: these are the first $($Answer.connections.Count)."
    }
    $observedAt = ConvertFrom-CorootTime -Milliseconds $Answer.observedAtMs
    foreach ($connection in $Answer.connections) {
        [pscustomobject]@{
            PSTypeName        = 'CorootAgent.Connection'
            Container         = [string] $connection.containerName
            ContainerId       = [string] $connection.containerId
            Destination       = [string] $connection.destination
            ActualDestination = [string] $connection.actualDestination
            Active            = [int] $connection.active
            ObservedAt        = $observedAt
            AgentAddress      = $Target.Text
        }
    }
}
