# Where the agent is asked: the address given, the one that it is configured to listen on, or its default.
function Resolve-CorootAddress {
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $Address)

    if (-not $Address) { $Address = $env:COROOT_LISTEN }
    if (-not $Address) { $Address = '127.0.0.1:10300' }
    # An agent that listens on every address is asked on the nearest one.
    $Address -replace '^(0\.0\.0\.0)?:(\d+)$', '127.0.0.1:$2' -replace '^\[::\]:', '[::1]:'
}
