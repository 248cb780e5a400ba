function Get-CorootProcess {
    <#
    .SYNOPSIS
    Gets the processes of the host, with the containers of each process.

    .DESCRIPTION
    ContainerId has the ids of all containers that have the process in their process tree. PrivateBytes is empty when
    Windows does not report the private working set. ImagePath is empty when the path could not be read.

    .PARAMETER Container
    Names or ids of containers, with wildcards, or objects that name containers, which can be piped in. A plain name
    that no container has is an error; a container without processes gives nothing.

    .PARAMETER ProcessName
    Only processes of these names, with wildcards, e.g. 'w3wp*', with or without .exe. A plain name that no process has
    is an error.

    .PARAMETER ProcessId
    Only processes with these ids. An id that no process has is an error.

    .PARAMETER Address
    HOST:PORT of the agent. By default that of the piped object, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootProcess -Container payments

    Lists the processes of a container.

    .EXAMPLE
    Get-CorootProcess | Where-Object -FilterScript { -not $_.ContainerId }

    Lists the processes outside of containers.

    .EXAMPLE
    Get-CorootProcess -ProcessId 4711

    Shows the container of a process.

    .OUTPUTS
    CorootAgent.Process

    .LINK
    Get-CorootContainer
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Process')]
    param(
        [Parameter(Position = 0, ValueFromPipeline)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Container,

        [Alias('Name')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $ProcessName,

        [Alias('Id')]
        [ValidateNotNullOrEmpty()]
        [int[]] $ProcessId,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $selection = [ordered]@{}
        $source = @{ Kind = 'process'; Address = $Address; Caller = $PSCmdlet }
        $source.Typed = $PSBoundParameters.ContainsKey('Container')
        $names = @(ConvertTo-CorootPattern -Text $ProcessName -Caller $PSCmdlet)
    }

    process {
        Add-CorootInput @source -Selection $selection -InputObject $Container
    }

    end {
        foreach ($agent in $selection.Keys) {
            $query = @{ Name = 'Process'; Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            $patterns, $pids = $selection[$agent].Patterns, $selection[$agent].ProcessIds
            $byContainer = @(if ($pids.Count -eq 0 -or $patterns.Count -gt 0) {
                    Invoke-CorootQuery @query -Container $patterns
                })
            # Names and ids of processes are looked up among all processes.
            $all = if ($patterns.Count -eq 0 -and $pids.Count -eq 0) { $byContainer }
            elseif ($pids.Count -gt 0 -or $names.Count -gt 0 -or $ProcessId) { @(Invoke-CorootQuery @query -NoWarning) }
            $wanted = @{ Pattern = $names; ProcessId = @($ProcessId) + $pids }
            Write-CorootMissingProcess -Process $all @wanted -Caller $PSCmdlet
            $rows = @($byContainer) + @($all | Where-Object -FilterScript { $pids -contains $_.ProcessId })
            $seen = New-Object -TypeName 'System.Collections.Generic.HashSet[int]'
            $rows | Where-Object -FilterScript {
                $seen.Add($_.ProcessId) -and
                (-not $ProcessId -or $ProcessId -contains $_.ProcessId) -and
                (-not $names -or (Test-CorootPattern -Text (Get-CorootProcessName -Process $_) -Pattern $names))
            }
        }
    }
}
