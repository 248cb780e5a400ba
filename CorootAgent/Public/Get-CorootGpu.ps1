function Get-CorootGpu {
    <#
    .SYNOPSIS
    Gets the GPUs of NVIDIA, with the processes and containers that use them.

    .DESCRIPTION
    Utilization is the mean over the time since the last reading, and PeakUtilization its highest sample, in percent.
    With 0 samples both are instant values. ReadState and ReadReason are the state of the reading of all GPUs, running
    or the reason why it is not. Values that cannot be read are empty. Processes is a list of objects;
    ProcessSource is driver or performance counters, and empty when nothing is known about them.

    .PARAMETER Gpu
    Names, UUIDs or numbers of GPUs, with wildcards, or objects of this command, which can be piped in. A plain name
    that no GPU has is an error.

    .PARAMETER Address
    HOST:PORT of the agent. By default that of the piped object, else the variable COROOT_LISTEN, else 127.0.0.1:10300.

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
        [Parameter(Position = 0, ValueFromPipeline)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Gpu,

        [ValidateNotNullOrEmpty()]
        [string] $Address,

        [ValidateRange(1, 3600)]
        [int] $TimeoutSec = 10
    )

    begin {
        $selection = [ordered]@{}
        $source = @{ Kind = 'GPU'; Address = $Address; Caller = $PSCmdlet }
        $source.Typed = $PSBoundParameters.ContainsKey('Gpu')
    }

    process {
        Add-CorootInput @source -Selection $selection -InputObject $Gpu
    }

    end {
        foreach ($agent in $selection.Keys) {
            $query = @{ Name = 'Gpu'; Address = $agent; TimeoutSec = $TimeoutSec; Caller = $PSCmdlet }
            $names = @{ Pattern = $selection[$agent].Patterns; Kind = 'GPU' }
            $names.NameScript = { $_.Name; $_.Uuid; "$($_.Index)" }
            $command = $PSCmdlet
            $rows = @(Invoke-CorootQuery @query -RowScript {
                    param($answer)
                    # Without a warning, GPUs that cannot be read look like none.
                    if (@('retrying', 'partial') -contains $answer.state) {
                        $text = "GPUs of $($answer.address) cannot be read ($($answer.state)): $($answer.reason)"
                        $command.WriteWarning((ConvertTo-CorootPrintable -Text $text))
                    }
                    $answer.gpus
                })
            Select-CorootObject @names -InputObject $rows -Caller $PSCmdlet
        }
    }
}
