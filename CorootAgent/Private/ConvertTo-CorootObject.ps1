# Makes the objects of the module from rows of the control plane, as CorootAgent.Objects.psd1 describes them.
function ConvertTo-CorootObject {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        # Name of the object in the table.
        [Parameter(Mandatory)]
        [string] $Name,

        # Rows of the answer; a row without one of the fields is an error.
        [AllowEmptyCollection()]
        [object[]] $InputObject,

        # The answer, for fields with a leading slash.
        [object] $Answer
    )

    if (-not $script:CorootConverters.ContainsKey($Name)) {
        $script:CorootConverters[$Name] = New-CorootConverter -Name $Name -Line $script:CorootObjects[$Name].Properties
    }
    & $script:CorootConverters[$Name] $InputObject $Answer
}

$script:CorootObjects = Join-Path -Path $PSScriptRoot -ChildPath '../CorootAgent.Objects.psd1' |
    ForEach-Object -Process { Import-PowerShellDataFile -Path $_ }
$script:CorootConverters = @{}
