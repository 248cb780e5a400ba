# Selects objects by names with wildcards, as Get-Service does: a plain name that no object has is an error, a pattern
# without a match is not.
function Select-CorootObject {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [AllowEmptyCollection()]
        [object[]] $InputObject,

        # Names with wildcards; none means all objects.
        [string[]] $Pattern,

        # Returns the names of the object in $_.
        [Parameter(Mandatory)]
        [scriptblock] $NameScript,

        # What the error calls an object, e.g. 'container'.
        [Parameter(Mandatory)]
        [string] $Kind,

        # The cmdlet that reports the error.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    if (-not $Pattern) { return $InputObject }
    $selected = New-Object -TypeName 'System.Collections.Generic.HashSet[object]'
    $named = @(foreach ($object in $InputObject) {
            @{ Object = $object; Names = @($object | ForEach-Object -Process $NameScript) }
        })
    foreach ($each in $Pattern) {
        foreach ($candidate in $named) {
            $matching = @($candidate.Names | Where-Object -FilterScript { Test-CorootPattern -Text $_ -Pattern $each })
            if ($matching.Count -eq 0) { continue }
            if ($selected.Add($candidate.Object)) { $candidate.Object }
        }
    }
    foreach ($name in Get-CorootMissingName -Pattern $Pattern -InputObject $InputObject -NameScript $NameScript) {
        Write-CorootNotFound -Kind $Kind -Name $name -Caller $Caller
    }
}
