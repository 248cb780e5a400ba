# The error for an answer that is not the agent's, or not one that this module knows.
function New-CorootAnswerError {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object and changes nothing.')]
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [string] $Address,

        [Parameter(Mandatory)]
        [string] $Reason
    )

    New-CorootError -Id 'CorootAgentAnswer' -Category InvalidResult -Target $Address `
        -Message "What answers on $Address is not CorootAgent, or one of another version: $Reason" `
        -Hint 'Name the address of the agent with -Address HOST:PORT, or take the module of its version.'
}
