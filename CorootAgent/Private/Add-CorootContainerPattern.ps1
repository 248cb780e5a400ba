# Collects the containers that are piped into a cmdlet, by the address of their agent, so that each agent is asked once.
function Add-CorootContainerPattern {
    [CmdletBinding()]
    param(
        # Lists of patterns by address.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [System.Collections.IDictionary] $ByAddress,

        [string[]] $Container,

        [string] $Address,

        # The cmdlet that reports errors.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    try {
        $resolved = Resolve-CorootAddress -Address $Address
    }
    catch {
        $Caller.ThrowTerminatingError($_)
    }
    if (-not $ByAddress.Contains($resolved)) {
        $ByAddress[$resolved] = New-Object -TypeName 'System.Collections.Generic.List[string]'
    }
    foreach ($each in $Container) { $ByAddress[$resolved].Add($each) }
}
