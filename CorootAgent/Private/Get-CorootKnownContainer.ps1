# Ids and names of an agent's containers, to tell one that has nothing to show from one that is not there.
function Get-CorootKnownContainer {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [string] $Address,

        [int] $TimeoutSec = 10
    )

    $known = Invoke-CorootRequest -Address $Address -Path '/api/v1/containers' -Mark 'containers' -TimeoutSec $TimeoutSec
    foreach ($container in $known.containers) { [pscustomobject]@{ Id = $container.id; Name = $container.name } }
}
