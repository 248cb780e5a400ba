# Ids of the containers that are meant by names or ids with wildcards; a plain name that no container has is an error of the caller.
function Resolve-CorootContainerId {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        # What Get-CorootKnownContainer gave.
        [object[]] $Known,

        [Parameter(Mandatory)]
        [string[]] $Pattern,

        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    Select-CorootName -InputObject $Known -Pattern $Pattern -Property 'Name', 'Id' -What 'container' -Caller $Caller | ForEach-Object -Process { $_.Id }
}
