# The containers in an answer of /api/v1/containers.
function ConvertTo-CorootContainer {
    [CmdletBinding()]
    [OutputType('CorootAgent.Container')]
    param(
        [Parameter(Mandatory)]
        [pscustomobject] $Answer,

        # As Resolve-CorootAddress gives it.
        [Parameter(Mandatory)]
        [pscustomobject] $Target
    )

    foreach ($container in $Answer.containers) {
        $alive = $container.pid -ne 0
        $upSeconds = ($Answer.observedAtMs - $container.startedAtMs) / 1000
        [pscustomobject]@{
            PSTypeName        = 'CorootAgent.Container'
            Name              = [string] $container.name
            Id                = [string] $container.id
            Kind              = [string] $container.kind
            DisplayName       = [string] $container.displayName
            Image             = [string] $container.image
            State             = [string] $container.state
            ProcessId         = if ($alive) { [int] $container.pid } else { $null }
            ProcessIds        = [int[]] @($container.pids)
            StartTime         = ConvertFrom-CorootTime -Milliseconds $container.startedAtMs
            Uptime            = if ($alive -and $container.startedAtMs -ne 0) { ConvertFrom-CorootDuration -Seconds $upSeconds } else { $null }
            Restarts          = [int] $container.restarts
            CpuTime           = ConvertFrom-CorootDuration -Seconds $container.cpuSeconds
            MemoryBytes       = [int64] $container.rssBytes
            MemorySource      = [string] $container.rssSource
            Listeners         = [object[]] @($container.listeners | ForEach-Object {
                    [pscustomobject]@{
                        PSTypeName = 'CorootAgent.Listener'
                        Address    = [string] $_.address
                        Proxy      = [string] $_.proxy
                    }
                })
            ActiveConnections = [int] $container.activeConnections
            ObservedAt        = ConvertFrom-CorootTime -Milliseconds $Answer.observedAtMs
            AgentAddress      = $Target.Text
        }
    }
}
