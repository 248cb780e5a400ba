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
        Process      = 'ContainerId'
        Service      = 'ContainerId'
        GroupService = 'ContainerId'
        ''           = 'ContainerId', 'Container', 'ContainerName', 'Id', 'Name'
    }
    'process'       = @{
        Container    = 'Id'
        Connection   = 'ContainerId'
        DnsRequest   = 'ContainerId'
        DnsSummary   = 'ContainerId'
        Listener     = 'ProcessId'
        Process      = 'ProcessId'
        Service      = 'ContainerId', 'ProcessId'
        GroupService = 'ContainerId'
        ServiceGroup = 'ProcessId'
        Agent        = 'ProcessId'
        Installation = 'ProcessId'
        ''           = 'ContainerId', 'Container', 'ContainerName', 'ProcessId', 'Id', 'Name'
    }
    'service'       = @{
        Container    = 'Id'
        Connection   = 'ContainerId'
        DnsRequest   = 'ContainerId'
        DnsSummary   = 'ContainerId'
        Listener     = 'Service'
        Process      = 'ContainerId'
        Service      = 'Name'
        GroupService = 'Name'
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
}

# Returns Names and ProcessIds, and in EmptyProperty the property that has no value although the object has it.
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

    $type = ''
    foreach ($name in $InputObject.PSObject.TypeNames) {
        if ($name -match '^(?:Deserialized\.)?CorootAgent\.(\w+)') { $type = $Matches[1]; break }
    }
    $result = @{ Names = @(); ProcessIds = @(); EmptyProperty = '' }
    foreach ($property in $script:CorootInputProperties[$Kind][$type]) {
        $value = Get-CorootPropertyValue -InputObject $InputObject -Name $property
        if ($null -eq $value) { continue }
        if ($value -is [int] -or $value -is [uint32] -or $value -is [long]) {
            if ($Kind -ne 'process') { continue }
            if ($value -gt 0 -or $property -eq 'Id') { $result.ProcessIds = @([int] $value); return $result }
            continue
        }
        # The services of a group: one of them is enough to find the group.
        if ($property -eq 'Services') { $value = @($value)[0].Name }
        $texts = @($value | Where-Object -FilterScript { $_ -is [string] })
        # An id of another kind of object, e.g. of an image of Docker.
        if ($type -eq '' -and $property -eq 'Id') { $texts = @($texts | Where-Object -FilterScript { $_ -like '/*' }) }
        $result.Names = @($texts | Where-Object -FilterScript { $_ })
        if ($result.Names.Count -gt 0) { return $result }
        if (@($value).Count -eq $texts.Count) { $result.EmptyProperty = $property }
    }
    $result
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
