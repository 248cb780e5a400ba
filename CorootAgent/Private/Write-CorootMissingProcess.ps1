# Reports the plain names and the ids that no process has.
function Write-CorootMissingProcess {
    [CmdletBinding()]
    param(
        # All processes of the host.
        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Process,

        # Patterns of ConvertTo-CorootPattern.
        [AllowNull()]
        [AllowEmptyCollection()]
        [hashtable[]] $Pattern,

        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $ProcessId,

        # The cmdlet that reports the error.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    $names = Get-CorootMissingName -Pattern $Pattern -InputObject $Process -NameScript {
        Get-CorootProcessName -Process $_
    }
    $existing = @(foreach ($each in $Process) { $each.ProcessId })
    $ids = @($ProcessId | Where-Object -FilterScript { $null -ne $_ -and $existing -notcontains $_ } |
            Select-Object -Unique)
    foreach ($each in $names) { Write-CorootNotFound -Kind 'process' -Name $each -Caller $Caller }
    foreach ($each in $ids) {
        $hint = 'It has ended, or the id is of another host.'
        Write-CorootNotFound -Kind 'process with the id' -Name $each -Hint $hint -Caller $Caller
    }
}

# The names by which a process is found: with and without .exe, as Get-Process has them without.
function Get-CorootProcessName {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $Process
    )

    $Process.ProcessName
    if ($Process.ProcessName -like '*.exe') { $Process.ProcessName -replace '\.exe$' }
}
