# The object in a JSON text, or nothing when the text is something else.
function ConvertFrom-CorootJson {
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Text
    )

    $options = @{}
    # PowerShell 7 makes dates of texts that look like one; since 7.5 it can be told not to.
    if ((Get-Command -Name ConvertFrom-Json).Parameters.ContainsKey('DateKind')) { $options.DateKind = 'String' }
    try {
        $value = ConvertFrom-Json -InputObject $Text @options -ErrorAction Stop
    } catch {
        return
    }
    if ($value -is [System.Management.Automation.PSCustomObject]) { $value }
}
