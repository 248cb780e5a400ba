# Compiles the lines of one object of CorootAgent.Objects.psd1 to a script block with the parameters $Rows and $Answer.
# A loop over the lines for each row would be several times slower, and an answer may have 200,000 rows.
function New-CorootConverter {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It changes nothing.')]
    [CmdletBinding()]
    [OutputType([scriptblock])]
    param(
        [Parameter(Mandatory)]
        [string] $Name,

        [Parameter(Mandatory)]
        [string[]] $Line
    )

    $properties = foreach ($each in $Line) {
        $property, $field, $unit, $if, $condition = -split $each
        $value = ConvertTo-CorootExpression -Field $field
        $expression = ConvertTo-CorootUnitExpression -Value $value -Unit $unit.TrimEnd('?')
        $conditions = @(
            if ($if) { ConvertTo-CorootExpression -Field $condition }
            if ($unit.EndsWith('?') -or $unit -eq 'time') { "$value -ne 0" }
        )
        if ($conditions.Count -gt 0) { $expression = "if ($($conditions -join ' -and ')) { $expression }" }
        "$property = $expression"
    }
    $body = @("PSTypeName = 'CorootAgent.$Name'") + $properties
    $object = "[pscustomobject]@{`n$($body -join "`n")`n}"
    [scriptblock]::Create("param(`$Rows, `$Answer) foreach (`$row in `$Rows) { $object }")
}

# The expression that reads a field.
function ConvertTo-CorootExpression {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [string] $Field
    )

    if ($Field.StartsWith('/')) { return '$Answer.' + $Field.Substring(1) }
    $list, $item = $Field -split '\[\]\.'
    if ($item) { return "(`$row.$list | ForEach-Object -Process { `$_.$item })" }
    "`$row.$Field"
}

# The expression that gives a value its unit.
function ConvertTo-CorootUnitExpression {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [string] $Value,

        [Parameter(Mandatory)]
        [string] $Unit
    )

    switch -Regex -CaseSensitive ($Unit) {
        '^(text|any)$' { return $Value }
        '^(int|long|double|bool)$' { return "[$Unit] $Value" }
        # A tick is 100 ns.
        '^time$' {
            return "[DateTimeOffset]::FromUnixTimeMilliseconds(0).AddTicks([long] ($Value * 10000)).LocalDateTime"
        }
        '^duration$' { return "[timespan]::FromTicks([long] ($Value * 10000000))" }
        '^counts$' { return "ConvertTo-CorootDictionary -InputObject $Value" }
        '^texts$' { return "ConvertTo-CorootDictionary -InputObject $Value -Text" }
        '^text\[\]$' { return "[string[]] @($Value)" }
        '^int\[\]$' { return "[int[]] @($Value)" }
        '^any\[\]$' { return "@($Value)" }
        '^[A-Z]\w+$' { return "ConvertTo-CorootObject -Name $Unit -InputObject $Value -Answer `$Answer" }
        '^[A-Z]\w+\[\]$' { return "@($(ConvertTo-CorootUnitExpression -Value $Value -Unit $Unit.TrimEnd('[', ']')))" }
        default { throw "CorootAgent.Objects.psd1 has the unknown unit '$Unit'." }
    }
}
