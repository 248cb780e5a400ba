function Get-CorootGpu {
    <#
    .SYNOPSIS
    Gets the GPUs of NVIDIA, with the processes and containers that use them.

    .DESCRIPTION
    Utilization is the mean over the time since the last reading, and PeakUtilization its highest sample, in percent.
    With 0 samples both are instant values. Values that cannot be read are empty. Processes is a list of objects;
    ProcessSource is driver or performance counters, and empty when nothing is known about them.

    .PARAMETER Gpu
    Names or UUIDs of GPUs, with wildcards.

    .PARAMETER Address
    HOST:PORT of the agent. By default the variable COROOT_LISTEN, else 127.0.0.1:10300.

    .PARAMETER TimeoutSec
    Seconds to wait for the answer.

    .EXAMPLE
    Get-CorootGpu

    Shows all GPUs.

    .EXAMPLE
    (Get-CorootGpu).Processes | Sort-Object -Property MemoryBytes -Descending

    Lists the processes on all GPUs, those with the most memory first.

    .EXAMPLE
    Get-CorootGpu -Gpu '*L4' | Where-Object -Property PeakUtilization -GT -Value 90

    Lists the GPUs of one type that were nearly fully used.

    .OUTPUTS
    CorootAgent.Gpu

    .LINK
    Get-CorootNode
    #>
    [CmdletBinding()]
    [OutputType('CorootAgent.Gpu')]
    param(
        [Parameter(Position = 0)]
        [SupportsWildcards()]
        [string[]] $Gpu,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    Invoke-CorootQuery -Name 'Gpu' -Address $Address -TimeoutSec $TimeoutSec -Caller $PSCmdlet |
        Where-Object -FilterScript {
            (Test-CorootPattern -Text $_.Name -Pattern $Gpu) -or (Test-CorootPattern -Text $_.Uuid -Pattern $Gpu)
        }
}
