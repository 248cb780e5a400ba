# The error for an answer that is no agent's, or that of an agent which this module does not know.
function New-CorootAnswerError {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object and changes nothing.')]
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        # As Resolve-CorootAddress gives it.
        [Parameter(Mandatory)]
        [pscustomobject] $Target,

        [Parameter(Mandatory)]
        [string] $Reason,

        [System.Exception] $Cause
    )

    $message = "What listens on $($Target.Text) gave an answer that cannot be used: $Reason."
    $hint = 'Another program may be listening there, or the versions of agent and module differ.'
    New-CorootErrorRecord -Id 'CorootAgentAnswer' -Category ProtocolError -Message $message -Hint $hint -Target $Target.Text -Cause $Cause
}
