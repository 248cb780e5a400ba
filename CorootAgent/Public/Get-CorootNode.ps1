function Get-CorootNode {
    <#
    .SYNOPSIS
    Gets the machine: processors, memory, disks and network adapters.

    .DESCRIPTION
    Disks and Adapters are lists of objects. Counters start at zero when Windows starts. Values that Windows does not
    report are empty. Traffic of an adapter is own when it counts its frames itself, and lower-device when a device
    below it counts the same frames.

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

    Invoke-CorootQuery -Name 'Node' -Address $Address -TimeoutSec $TimeoutSec -Caller $PSCmdlet -RowScript { $args[0] }
}
