# Counts or texts by name, in the order of the answer.
function ConvertTo-CorootDictionary {
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Mandatory)]
        [psobject] $InputObject,

        [switch] $Text
    )

    $values = [ordered]@{}
    foreach ($property in $InputObject.PSObject.Properties) {
        $values[$property.Name] = if ($Text) { [string] $property.Value } else { [long] $property.Value }
    }
    $values
}
