function Get-CorootNode {
    <#
    .SYNOPSIS
    Gets the machine itself as CorootAgent sees it: processors, memory, disks and network adapters.

    .DESCRIPTION
    Disks and Adapters are lists of objects with tables of their own. Counters are since Windows started. Values that the machine does
    not tell are empty. Traffic of an adapter says whether its frames are counted here (own) or at a device below it (below).

    .PARAMETER Address
    HOST:PORT of the agent. By default the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootNode

    Shows the machine.

    .EXAMPLE
    (Get-CorootNode).Disks | Where-Object -FilterScript { $_.SizeBytes -and $_.FreeBytes / $_.SizeBytes -lt 0.1 }

    Lists the disks that are nearly full.

    .EXAMPLE
    (Get-CorootNode).Adapters | Format-Table

    Shows the network adapters with their traffic, errors and drops.

    .OUTPUTS
    CorootAgent.Node

    .LINK
    Get-CorootAgent
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Node')]
    param(
        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    try {
        $node = Invoke-CorootRequest -Address $Address -Path '/api/v1/node' -Mark 'interfaces' -TimeoutSec $TimeoutSec
        $hasCpu = $node.cpu.logicalProcessors -ne 0
        $hasMemory = $node.memory.totalBytes -ne 0
        [pscustomobject]@{
            PSTypeName     = 'CorootAgent.Node'
            HostName       = $node.hostname
            System         = $node.kernelVersion
            MachineId      = $node.machineId
            SystemUuid     = $node.systemUuid
            Uptime         = ConvertFrom-CorootSeconds -Seconds $node.uptimeSeconds
            Processors     = if ($hasCpu) { [int] $node.cpu.logicalProcessors }
            UserTime       = if ($hasCpu) { ConvertFrom-CorootSeconds -Seconds $node.cpu.userSeconds }
            SystemTime     = if ($hasCpu) { ConvertFrom-CorootSeconds -Seconds $node.cpu.systemSeconds }
            IdleTime       = if ($hasCpu) { ConvertFrom-CorootSeconds -Seconds $node.cpu.idleSeconds }
            MemoryBytes    = if ($hasMemory) { [long] $node.memory.totalBytes }
            AvailableBytes = if ($hasMemory) { [long] $node.memory.availableBytes }
            FreeBytes      = if ($hasMemory) { [long] $node.memory.freeBytes }
            CachedBytes    = if ($hasMemory) { [long] $node.memory.cachedBytes }
            MemorySource   = $node.memory.source
            Disks          = @($node.disks | ForEach-Object -Process { ConvertFrom-CorootDisk -Disk $_ })
            Adapters       = @($node.interfaces | ForEach-Object -Process { ConvertFrom-CorootAdapter -Adapter $_ })
            Observed       = ConvertFrom-CorootTime -Milliseconds $node.observedAtMs
            Address        = Resolve-CorootAddress -Address $Address
        }
    }
    catch {
        $PSCmdlet.ThrowTerminatingError((Resolve-CorootFault -ErrorRecord $_ -Address $Address))
    }
}
