# Ends the cmdlet with the error of an invalid argument when a value, or a pattern of values, matches no known value.
function Assert-CorootValue {
    [CmdletBinding()]
    param(
        # A key of CorootAgent.Values.psd1.
        [Parameter(Mandatory)]
        [string] $Kind,

        [AllowNull()]
        [AllowEmptyCollection()]
        [string[]] $Value,

        # The parameter that has the values.
        [Parameter(Mandatory)]
        [string] $Parameter,

        # The cmdlet that reports the error.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    $known = $script:CorootValues[$Kind]
    foreach ($each in $Value) {
        # Types of DNS requests may be written without their prefix.
        $texts = if ($Kind -eq 'DnsType') { $each, "Type$each" } else { @($each) }
        $patterns = @(ConvertTo-CorootPattern -Text $texts -Caller $Caller)
        if (Test-CorootPattern -Text $known -Pattern $patterns) { continue }
        # Types without a name are numbers of 16 bits (RFC 1035, 3.2.2).
        $isNumber = $Kind -eq 'DnsType' -and $each -match '^(Type)?\d{1,5}$'
        if ($isNumber -and [int] ($each -replace '\D') -le 0xFFFF) { continue }
        $reason = "The parameter $Parameter has no value '$each'. Its values are $($known -join ', ')."
        $Caller.ThrowTerminatingError((New-CorootBindingError -Reason $reason -Target $each))
    }
}

$script:CorootValues = Join-Path -Path $PSScriptRoot -ChildPath '../CorootAgent.Values.psd1' |
    ForEach-Object -Process { Import-PowerShellDataFile -Path $_ }
