# The names that a piped object stands for.

# Properties by what a cmdlet asks for and by type of object, in the order in which they are tried; '' is an object of
# another module. A whole number is the id of a process.
$script:CorootInputProperties = @{
    'container'     = @{
        Container    = 'Id'
        Connection   = 'ContainerId'
        DnsRequest   = 'ContainerId'
        DnsSummary   = 'ContainerId'
        Listener     = 'ContainerId'
        LogMessage   = 'ContainerId'
        LogPattern   = 'ContainerId'
        Process      = 'ContainerId'
        Service      = 'ContainerId'
        GroupService = 'ContainerId'
        GpuProcess   = 'ContainerId'
        ''           = 'ContainerId', 'Container', 'ContainerName', 'Id', 'Name'
    }
    'process'       = @{
        Container    = 'Id'
        Connection   = 'ContainerId'
        DnsRequest   = 'ContainerId'
        DnsSummary   = 'ContainerId'
        Listener     = 'ProcessId'
        LogMessage   = 'ContainerId'
        LogPattern   = 'ContainerId'
        Process      = 'ProcessId'
        Service      = 'ContainerId', 'ProcessId'
        GroupService = 'ContainerId'
        ServiceGroup = 'ProcessId'
        GpuProcess   = 'ProcessId'
        Agent        = 'ProcessId'
        Installation = 'ProcessId'
        ''           = 'ProcessId', 'ContainerId', 'Container', 'ContainerName', 'Id', 'Name'
    }
    'service'       = @{
        Container    = 'Id'
        Connection   = 'ContainerId'
        DnsRequest   = 'ContainerId'
        DnsSummary   = 'ContainerId'
        Listener     = 'Service'
        LogMessage   = 'ContainerId'
        LogPattern   = 'ContainerId'
        Process      = 'ContainerId'
        Service      = 'Name'
        GroupService = 'Name'
        GpuProcess   = 'ContainerId'
        ''           = 'Name', 'ServiceName'
    }
    'service group' = @{
        Container    = 'Name'
        Listener     = 'Service'
        Service      = 'Name'
        GroupService = 'Name'
        ServiceGroup = 'Services'
        ''           = 'Group', 'Name'
    }
    'GPU'           = @{
        Gpu = 'Uuid'
        ''  = 'Uuid', 'Name'
    }
}

# Returns Names and ProcessIds, and in EmptyProperty the property that has no value, or a list with an empty element,
# although the object has it.
function Get-CorootInputName {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)]
        [object] $InputObject,

        # A key of the table.
        [Parameter(Mandatory)]
        [string] $Kind
    )

    $type = Get-CorootInputType -InputObject $InputObject
    $result = @{ Names = @(); ProcessIds = @(); EmptyProperty = '' }
    foreach ($property in $script:CorootInputProperties[$Kind][$type]) {
        $value = Get-CorootPropertyValue -InputObject $InputObject -Name $property
        if ($null -eq $value) { continue }
        # The services of a group: one of them is enough to find the group.
        if ($property -eq 'Services') { $value = @($value)[0].Name }
        $values = @($value)
        if ($Kind -eq 'process' -and 'ProcessId', 'Id' -contains $property) {
            $ids = @($values | Where-Object -FilterScript { "$_" -match '^-?\d{1,18}$' } |
                    ForEach-Object -Process { [long] "$_" })
            # 0 is the idle process in Id, and no process in ProcessId.
            if ($property -eq 'ProcessId') { $ids = @($ids -gt 0) }
            if ($ids.Count -gt 0) { $result.ProcessIds = $ids; return $result }
        }
        $texts = @($values | Where-Object -FilterScript { $_ -is [string] })
        # An id of another kind of object, e.g. of an image of Docker.
        if ($type -eq '' -and $property -eq 'Id') { $texts = @($texts | Where-Object -FilterScript { $_ -like '/*' }) }
        $empty = @($values | Where-Object -FilterScript { $null -eq $_ -or '' -eq $_ })
        $isEmpty = $values.Count -eq 0 -or $empty.Count -gt 0
        if ($isEmpty) { $result.EmptyProperty = $property }
        $names = @($texts -ne '')
        if ($names.Count -eq 0) { continue }
        # A list counts as a whole, so that none of its elements is lost.
        if ($isEmpty -or $names.Count -lt $values.Count) { return $result }
        $result.Names = $names
        $result.EmptyProperty = ''
        return $result
    }
    $result
}

# The name of an object's type in CorootAgent.Objects.psd1; empty for an object of another module.
function Get-CorootInputType {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $InputObject
    )

    foreach ($name in $InputObject.PSObject.TypeNames) {
        if ($name -match '^(?:Deserialized\.)?CorootAgent\.(\w+)') { return $Matches[1] }
    }
    ''
}

# The value of a property, $null when the object does not have it or cannot return it.
function Get-CorootPropertyValue {
    [CmdletBinding()]
    [OutputType([object])]
    param(
        [Parameter(Mandatory)]
        [object] $InputObject,

        [Parameter(Mandatory)]
        [string] $Name
    )

    $property = $InputObject.PSObject.Properties[$Name]
    if ($null -eq $property) { return }
    $mark = Get-CorootErrorMark
    $value = $null
    try { $value = $property.Value } catch { Write-Debug -Message "No value of ${Name}: $($_.Exception.Message)" }
    Clear-CorootCaughtError -Mark $mark
    , $value
}
