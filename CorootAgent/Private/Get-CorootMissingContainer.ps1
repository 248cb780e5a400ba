# The plain names among patterns that match no container. The list of containers is only read when the objects do not
# have all names.
function Get-CorootMissingContainer {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        # Patterns of ConvertTo-CorootPattern.
        [AllowNull()]
        [AllowEmptyCollection()]
        [hashtable[]] $Pattern,

        # Objects with the properties ContainerId and, if any, ContainerName.
        [AllowEmptyCollection()]
        [object[]] $InputObject,

        [string] $Address,

        [int] $TimeoutSec,

        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    $names = @(Get-CorootMissingName -Pattern $Pattern -InputObject $InputObject -NameScript {
            $_.ContainerId
            if ($_.PSObject.Properties['ContainerName']) { $_.ContainerName }
        })
    if ($names.Count -eq 0) { return }
    $agent = @{ Address = $Address; TimeoutSec = $TimeoutSec; Caller = $Caller }
    $answer = Invoke-CorootRequest @agent -Path '/api/v1/containers' -RequiredProperty 'containers'
    $missing = $names | ForEach-Object -Process { @{ Name = $_; Wildcard = $null } }
    Get-CorootMissingName -Pattern $missing -InputObject $answer.containers -NameScript { $_.id; $_.name }
}
