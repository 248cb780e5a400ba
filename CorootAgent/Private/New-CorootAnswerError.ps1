# The error for an answer of another program or of an agent of another version.
function New-CorootAnswerError {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object and changes nothing.')]
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [string] $Address,

        [Parameter(Mandatory)]
        [string] $Reason
    )

    New-CorootError -Id 'CorootAgentAnswer' -Category InvalidResult -Target $Address `
        -Message "The answer of $Address is not from CorootAgent, or from another version of it: $Reason" `
        -Hint 'Name the address of the agent with -Address HOST:PORT, or use the module of its version.'
}
