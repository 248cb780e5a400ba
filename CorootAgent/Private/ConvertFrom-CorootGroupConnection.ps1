# Outbound connections of a shared process to one destination, as an object.
function ConvertFrom-CorootGroupConnection {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory)]
        [psobject] $Connection
    )

    [pscustomobject]@{
        Destination       = $Connection.destination
        ActualDestination = $Connection.actualDestination
        Active            = [int] $Connection.active
    }
}
