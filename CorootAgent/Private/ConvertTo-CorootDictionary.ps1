# Counts by name, in the order of the answer.
function ConvertTo-CorootDictionary {
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Mandatory)]
        [psobject] $InputObject
    )

    $counts = [ordered]@{}
    foreach ($property in $InputObject.PSObject.Properties) { $counts[$property.Name] = [long] $property.Value }
    $counts
}
