# The plain names among patterns that match no container. The list of containers is only read when the objects do not
# have all names.
function Get-CorootMissingContainer {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowEmptyCollection()]
        [string[]] $Container,

        # Objects with the properties ContainerId and, if any, ContainerName.
        [AllowEmptyCollection()]
        [object[]] $InputObject,

        [string] $Address,

        [int] $TimeoutSec
    )

    $names = @(Get-CorootMissingName -Pattern $Container -InputObject $InputObject -NameScript {
            $_.ContainerId
            if ($_.PSObject.Properties['ContainerName']) { $_.ContainerName }
        })
    if ($names.Count -eq 0) { return }
    $agent = @{ Address = $Address; TimeoutSec = $TimeoutSec }
    $answer = Invoke-CorootRequest @agent -Path '/api/v1/containers' -RequiredProperty 'containers'
    Get-CorootMissingName -Pattern $names -InputObject $answer.containers -NameScript { $_.id; $_.name }
}
