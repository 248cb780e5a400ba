# Local time of milliseconds since 1970; nothing for 0, which stands for "never" or "unknown".
function ConvertFrom-CorootTime {
    [CmdletBinding()]
    [OutputType([datetime])]
    param(
        [Parameter(Mandatory)]
        [double] $Milliseconds
    )

    if ($Milliseconds -eq 0) { return }
    # By ticks: AddMilliseconds rounds to whole ones on the .NET Framework.
    $epoch = [datetime]::new(1970, 1, 1, 0, 0, 0, [System.DateTimeKind]::Utc)
    $epoch.AddTicks([long] [math]::Round($Milliseconds * 10000)).ToLocalTime()
}
