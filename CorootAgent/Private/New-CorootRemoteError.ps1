# The error for an object of another computer whose agent is not reached at an address; nothing when it is. Without it,
# the agent of this computer would answer for the other one.
function New-CorootRemoteError {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object and changes nothing.')]
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [object] $InputObject,

        # HOST:PORT that would be asked.
        [Parameter(Mandatory)]
        [string] $Address
    )

    $computer = Get-CorootComputer -InputObject $InputObject
    if (-not $computer) { return }
    $agent = ($Address -replace ':\d+$').Trim('[', ']')
    # The agent of an object of this module is not on loopback, or the user named the computer.
    $isOurs = [bool] (Get-CorootInputType -InputObject $InputObject)
    if ($isOurs -and -not (Test-CorootLocalName -Name $agent)) { return }
    if ([string]::Equals($agent, $computer, 'OrdinalIgnoreCase')) { return }
    New-CorootError -Id 'CorootAgentAddress' -Category InvalidArgument -Target $InputObject `
        -Message "This is an object of the computer $computer, and $Address is not known to be its agent" `
        -Hint 'Run the command on that computer with Invoke-Command, or name its agent with -Address HOST:PORT.'
}

# The name of another computer that an object comes from; nothing for an object of this computer. Remoting adds
# PSComputerName; services and processes of Windows PowerShell have MachineName.
function Get-CorootComputer {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $InputObject
    )

    foreach ($property in 'PSComputerName', 'MachineName') {
        $name = Get-CorootPropertyValue -InputObject $InputObject -Name $property
        if ($name -is [string] -and $name -and -not (Test-CorootLocalName -Name $name)) { return $name }
    }
}

# Whether a name or an address is one of this computer: loopback, or the name of the computer with or without a domain.
function Test-CorootLocalName {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [string] $Name
    )

    $address = $null
    if ([System.Net.IPAddress]::TryParse($Name, [ref] $address)) { return [System.Net.IPAddress]::IsLoopback($address) }
    $machine = [System.Environment]::MachineName
    '.', 'localhost', $machine -contains $Name -or
        $Name.StartsWith("$machine.", [System.StringComparison]::OrdinalIgnoreCase)
}
