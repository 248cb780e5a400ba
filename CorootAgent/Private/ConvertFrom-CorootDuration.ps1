# Time span of seconds, with their fractions.
function ConvertFrom-CorootDuration {
    [CmdletBinding()]
    [OutputType([timespan])]
    param(
        [Parameter(Mandatory)]
        [double] $Seconds
    )

    # FromSeconds rounds to milliseconds on the .NET Framework.
    [timespan]::FromTicks([long] [math]::Round($Seconds * 10000000))
}
