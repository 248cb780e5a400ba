# A volume of the node as an object; what its driver does not count is empty.
function ConvertFrom-CorootDisk {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory)]
        [psobject] $Disk
    )

    [pscustomobject]@{
        PSTypeName   = 'CorootAgent.Disk'
        Device       = $Disk.device
        MountPoint   = $Disk.mountPoint
        SizeBytes    = if ($Disk.sizeBytes -ne 0) { [long] $Disk.sizeBytes }
        FreeBytes    = if ($Disk.sizeBytes -ne 0) { [long] $Disk.freeBytes }
        Counted      = [bool] $Disk.counted
        Reads        = if ($Disk.counted) { [long] $Disk.reads }
        Writes       = if ($Disk.counted) { [long] $Disk.writes }
        ReadBytes    = if ($Disk.counted) { [long] $Disk.readBytes }
        WrittenBytes = if ($Disk.counted) { [long] $Disk.writtenBytes }
        ReadTime     = if ($Disk.counted) { ConvertFrom-CorootSeconds -Seconds $Disk.readSeconds }
        WriteTime    = if ($Disk.counted) { ConvertFrom-CorootSeconds -Seconds $Disk.writeSeconds }
        BusyTime     = if ($Disk.counted) { ConvertFrom-CorootSeconds -Seconds $Disk.busySeconds }
    }
}
