# Reads the messages that a filter selects: Messages, whether there are more as Truncated, and in Cursor where newer
# ones begin.
function Read-CorootLog {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)]
        [string] $Address,

        [int] $TimeoutSec,

        # The cmdlet that reports errors and warnings.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller,

        # Names or ids of containers, with wildcards; none means all.
        [AllowNull()]
        [AllowEmptyCollection()]
        [string[]] $Container,

        [hashtable] $Filter,

        [int] $Limit,

        # The oldest messages instead of the newest.
        [switch] $Oldest
    )

    $query = @{ Name = 'LogMessage'; Address = $Address; TimeoutSec = $TimeoutSec; Caller = $Caller }
    $query.Filter = $Filter + @{ limit = $Limit }
    if ($Oldest) { $query.Filter.after = '0' }
    $state = @{ Truncated = $false; Cursor = ''; Restarted = $false }
    $messages = @(Invoke-CorootQuery @query -Container $Container -NoWarning -RowScript {
            param($answer)
            $state.Truncated = $state.Truncated -or $answer.truncated
            $state.Restarted = $state.Restarted -or $answer.restarted
            # Of several answers the first: later ones may have newer messages.
            if (-not $state.Cursor) { $state.Cursor = $answer.cursor }
            $answer.messages
        })
    # The module asked without a position, so this is an answer of another version.
    if ($state.Restarted) { $Caller.WriteWarning('The agent was restarted while it was asked.') }
    $state.Messages = @($messages | Sort-Object -Property Sequence)
    $state
}
