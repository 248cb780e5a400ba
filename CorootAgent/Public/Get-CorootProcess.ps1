function Get-CorootProcess {
    <#
    .SYNOPSIS
    Gets the processes of the host, with the containers that each belongs to.

    .DESCRIPTION
    ContainerId has the ids of all containers whose trees a process is in. PrivateBytes is empty where the system tells no private
    working set, ImagePath where the path could not be read.

    .PARAMETER Container
    Names or ids of containers, with wildcards; objects of Get-CorootContainer can be piped in. A plain name that no container has
    is an error; a container without processes gives nothing.

    .PARAMETER ProcessName
    Only processes of these names, with wildcards, e.g. 'w3wp*'.

    .PARAMETER ProcessId
    Only processes with these ids.

    .PARAMETER Address
    HOST:PORT of the agent. By default the one of the piped container, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootProcess -Container payments

    Lists the processes of a container.

    .EXAMPLE
    Get-CorootProcess | Where-Object -FilterScript { -not $_.ContainerId } | Sort-Object -Property WorkingSetBytes -Descending

    Lists what is in no container, the largest first.

    .EXAMPLE
    Get-CorootProcess -ProcessId 4711

    Tells to which container a process belongs.

    .OUTPUTS
    CorootAgent.Process

    .LINK
    Get-CorootContainer
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Process')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('Id', 'Name')]
        [SupportsWildcards()]
        [string[]] $Container,

        [SupportsWildcards()]
        [string[]] $ProcessName,

        [int[]] $ProcessId,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        # One question an agent, however many containers are piped in.
        $byAddress = @{}
    }

    process {
        try {
            $at = Resolve-CorootAddress -Address $Address
            if (-not $byAddress.ContainsKey($at)) {
                $answer = Invoke-CorootRequest -Address $at -Path '/api/v1/processes' -Mark 'processes' -TimeoutSec $TimeoutSec
                $known = @(Get-CorootKnownContainer -Address $at -TimeoutSec $TimeoutSec)
                if ($answer.stale) { Write-Warning -Message 'The last reading of the processes failed: this is the list before it.' }
                $observed = ConvertFrom-CorootTime -Milliseconds $answer.observedAtMs
                $rows = foreach ($row in $answer.processes) {
                    $started = ConvertFrom-CorootTime -Milliseconds $row.startedAtMs
                    [pscustomobject]@{
                        PSTypeName      = 'CorootAgent.Process'
                        ProcessId       = [int] $row.pid
                        ParentId        = [int] $row.parentPid
                        ProcessName     = $row.name
                        ContainerId     = [string[]] @($row.containerIds)
                        Started         = $started
                        Uptime          = if ($started) { $observed - $started }
                        CpuTime         = ConvertFrom-CorootSeconds -Seconds $row.cpuSeconds
                        WorkingSetBytes = [long] $row.workingSetBytes
                        PrivateBytes    = if ($row.privateWorkingSetBytes -ne 0) { [long] $row.privateWorkingSetBytes }
                        Threads         = [int] $row.threads
                        Handles         = [int] $row.handles
                        ImagePath       = $row.imagePath
                        Observed        = $observed
                        Address         = $at
                    }
                }
                $rows = @($rows | Where-Object -FilterScript { (Test-CorootLike -Text $_.ProcessName -Pattern $ProcessName) -and (-not $ProcessId -or $ProcessId -contains $_.ProcessId) })
                $byAddress[$at] = @{ Rows = $rows; Containers = $known }
            }
        }
        catch {
            $PSCmdlet.ThrowTerminatingError((Resolve-CorootFault -ErrorRecord $_ -Address $Address))
        }
        Select-CorootContainerRow -Told $byAddress[$at] -Pattern $Container -Caller $PSCmdlet
    }
}
