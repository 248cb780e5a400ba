# A network adapter of the node as an object.
function ConvertFrom-CorootAdapter {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory)]
        [psobject] $Adapter
    )

    [pscustomobject]@{
        PSTypeName      = 'CorootAgent.Adapter'
        Name            = $Adapter.name
        Up              = [bool] $Adapter.up
        Addresses       = [string[]] @($Adapter.addresses)
        Traffic         = $Adapter.traffic
        ReceivedBytes   = [long] $Adapter.receivedBytes
        ReceivedPackets = [long] $Adapter.receivedPackets
        ReceivedErrors  = [long] $Adapter.receivedErrors
        ReceivedDrops   = [long] $Adapter.receivedDrops
        SentBytes       = [long] $Adapter.transmittedBytes
        SentPackets     = [long] $Adapter.transmittedPackets
        SentErrors      = [long] $Adapter.transmittedErrors
        SentDrops       = [long] $Adapter.transmittedDrops
    }
}
