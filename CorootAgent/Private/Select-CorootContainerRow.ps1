# Rows of the containers that are meant by names or ids with wildcards, all without any: by way of the containers, so that one that is
# there but quiet is no error, and a plain name that no container has is one of the caller.
function Select-CorootContainerRow {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        # What one agent told: Rows, Containers as Get-CorootKnownContainer gave them, and Given, a set of ids, where rows come once.
        [Parameter(Mandatory)]
        [hashtable] $Told,

        [string[]] $Pattern,

        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    if (-not $Pattern) { return $Told.Rows }
    $wanted = @(Resolve-CorootContainerId -Known $Told.Containers -Pattern $Pattern -Caller $Caller)
    if ($Told.ContainsKey('Given')) { $wanted = @($wanted | Where-Object -FilterScript { $Told.Given.Add($_) }) }
    $Told.Rows | Where-Object -FilterScript { @($_.ContainerId | Where-Object -FilterScript { $wanted -contains $_ }).Count -gt 0 }
}
