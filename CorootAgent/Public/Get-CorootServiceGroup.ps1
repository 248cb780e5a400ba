function Get-CorootServiceGroup {
    <#
    .SYNOPSIS
    Gets the processes that several Windows services share, and whose their sockets are.

    .DESCRIPTION
    CPU and memory are of the process as a whole: they cannot be divided among its services. Services has each of them with its
    listeners and connections; what no service is known for is in UnattributedListeners and UnattributedConnections. SocketsByService
    is false where the system does not tell which service a socket belongs to; Get-CorootAgent says why.

    .PARAMETER Name
    Names of svchost groups or of services, with wildcards. A plain name that no shared process has is an error.

    .PARAMETER Address
    HOST:PORT of the agent. By default the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootServiceGroup

    Lists the shared processes with their services.

    .EXAMPLE
    (Get-CorootServiceGroup -Name netsvcs).Services | Format-Table

    Shows the services of one group with their sockets.

    .OUTPUTS
    CorootAgent.ServiceGroup

    .LINK
    Get-CorootService
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.ServiceGroup')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [SupportsWildcards()]
        [string[]] $Name,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        try {
            $answer = Invoke-CorootRequest -Address $Address -Path '/api/v1/service-groups' -Mark 'groups' -TimeoutSec $TimeoutSec
            if ($answer.stale) { Write-Warning -Message 'The last poll of the service control manager failed: these are the groups before it.' }
            $observed = ConvertFrom-CorootTime -Milliseconds $answer.observedAtMs
            $groups = @(foreach ($group in $answer.groups) {
                    $process = $group.process
                    [pscustomobject]@{
                        PSTypeName              = 'CorootAgent.ServiceGroup'
                        Group                   = $group.group
                        ProcessId               = [int] $group.pid
                        Image                   = $process.image
                        Started                 = ConvertFrom-CorootTime -Milliseconds $process.startedAtMs
                        CpuTime                 = ConvertFrom-CorootSeconds -Seconds $process.cpuSeconds
                        WorkingSetBytes         = [long] $process.workingSetBytes
                        PrivateBytes            = if ($process.privateWorkingSetBytes -ne 0) { [long] $process.privateWorkingSetBytes }
                        Threads                 = [int] $process.threads
                        Handles                 = [int] $process.handles
                        Services                = @($group.services | ForEach-Object -Process {
                                [pscustomobject]@{
                                    PSTypeName  = 'CorootAgent.GroupService'
                                    Name        = $_.name
                                    DisplayName = $_.displayName
                                    Rule        = $_.rule
                                    ContainerId = $_.containerId
                                    Listeners   = [string[]] @($_.listeners)
                                    Connections = @($_.connections | ForEach-Object -Process { ConvertFrom-CorootGroupConnection -Connection $_ })
                                }
                            })
                        UnattributedListeners   = [string[]] @($group.unattributed.listeners)
                        UnattributedConnections = @($group.unattributed.connections | ForEach-Object -Process { ConvertFrom-CorootGroupConnection -Connection $_ })
                        SocketsByService        = [bool] $answer.socketsByService
                        Observed                = $observed
                    }
                })
            # For the filter: whichever of its names was meant, each one finds the group.
            $names = @(foreach ($group in $groups) {
                    foreach ($each in @($group.Group) + @($group.Services | ForEach-Object -Process { $_.Name })) { [pscustomobject]@{ Name = $each; Found = $group } }
                })
        }
        catch {
            $PSCmdlet.ThrowTerminatingError((Resolve-CorootFault -ErrorRecord $_ -Address $Address))
        }
    }

    process {
        if (-not $Name) { return $groups }
        $found = New-Object -TypeName 'System.Collections.Generic.HashSet[object]'
        Select-CorootName -InputObject $names -Pattern $Name -Property 'Name' -What 'shared process of' -Caller $PSCmdlet |
            ForEach-Object -Process { if ($found.Add($_.Found)) { $_.Found } }
    }
}
