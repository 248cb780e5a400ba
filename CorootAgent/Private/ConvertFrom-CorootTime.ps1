# Milliseconds since 1970 as local time; nothing for 0, which stands for "never".
function ConvertFrom-CorootTime {
    [CmdletBinding()]
    [OutputType([datetime])]
    param([double] $Milliseconds)

    if ($Milliseconds -gt 0) {
        [DateTimeOffset]::FromUnixTimeMilliseconds(0).AddTicks([long] ($Milliseconds * 10000)).LocalDateTime
    }
}
