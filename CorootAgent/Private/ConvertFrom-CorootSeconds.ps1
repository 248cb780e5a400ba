# Seconds as a time span; nothing for 0 where that stands for "unknown".
function ConvertFrom-CorootSeconds {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseSingularNouns', '', Justification = 'The unit is seconds.')]
    [CmdletBinding()]
    [OutputType([timespan])]
    param(
        [double] $Seconds,

        [switch] $ZeroIsUnknown
    )

    # By ticks: FromSeconds of Windows PowerShell rounds to milliseconds.
    if (-not $ZeroIsUnknown -or $Seconds -ne 0) { [timespan]::FromTicks([long] ($Seconds * 10000000)) }
}
