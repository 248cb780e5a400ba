# Collects what is typed for or piped into a cmdlet, by the address of the agent, so that each agent is asked once.
function Add-CorootInput {
    [CmdletBinding()]
    param(
        # By address: Patterns, and ProcessIds where the kind is process. Both are empty when everything is asked for.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [System.Collections.IDictionary] $Selection,

        # Names with wildcards, or objects, which stand for exactly the names that they have; $null means everything.
        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $InputObject,

        # What the cmdlet asks for: a key of the table in Get-CorootInputName.ps1.
        [Parameter(Mandatory)]
        [string] $Kind,

        # The address that the user named; otherwise that of the object counts.
        [string] $Address,

        # The values are arguments and did not come by the pipeline.
        [switch] $Typed,

        # The cmdlet that reports errors.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller
    )

    if ($null -eq $InputObject) {
        $null = Get-CorootSelected -Selection $Selection -Address $Address -Caller $Caller
        return
    }
    foreach ($each in $InputObject) {
        $problem = $null
        $found = @{ Names = @(); ProcessIds = @() }
        $from = $Address
        # A number on the command line is a name that happens to have only digits.
        if ($each -is [string] -or ($Typed -and $each.GetType().IsPrimitive)) {
            $patterns = @("$each")
            if (-not "$each") { $problem = New-CorootBindingError -Reason 'A name must not be empty.' -Target $each }
            # An invalid pattern is reported before anything is asked for.
            $null = ConvertTo-CorootPattern -Text $patterns -Caller $Caller
        }
        else {
            $found = Get-CorootInputName -InputObject $each -Kind $Kind
            $patterns = @($found.Names | ForEach-Object -Process { ConvertTo-CorootLiteral -Name $_ })
            if (-not $from) { $from = Get-CorootPropertyValue -InputObject $each -Name 'Address' }
            if ($from -isnot [string]) { $from = '' }
            if ($patterns.Count + $found.ProcessIds.Count -eq 0) {
                $problem = New-CorootInputError -InputObject $each -Kind $Kind -EmptyProperty $found.EmptyProperty
            }
            elseif (-not $Address) {
                $asked = Resolve-CorootAddress -Address $from -Caller $Caller
                $problem = New-CorootRemoteError -InputObject $each -Address $asked
            }
        }
        if ($problem -and $Typed) { $Caller.ThrowTerminatingError($problem) }
        if ($problem) { $Caller.WriteError($problem); continue }
        $selected = Get-CorootSelected -Selection $Selection -Address $from -Caller $Caller
        foreach ($pattern in $patterns) { $selected.Patterns.Add($pattern) }
        foreach ($processId in $found.ProcessIds) { $selected.ProcessIds.Add($processId) }
    }
}

# What is selected of the agent at an address.
function Get-CorootSelected {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [System.Collections.IDictionary] $Selection,

        [string] $Address,

        [System.Management.Automation.PSCmdlet] $Caller
    )

    $resolved = Resolve-CorootAddress -Address $Address -Caller $Caller
    if (-not $Selection.Contains($resolved)) {
        $Selection[$resolved] = @{
            Patterns   = New-Object -TypeName 'System.Collections.Generic.List[string]'
            ProcessIds = New-Object -TypeName 'System.Collections.Generic.List[long]'
        }
    }
    $Selection[$resolved]
}

# The error for an object that stands for no name.
function New-CorootInputError {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object and changes nothing.')]
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [object] $InputObject,

        [string] $Kind,

        [string] $EmptyProperty
    )

    $types = @($InputObject.PSObject.TypeNames)
    $type = @($types -match '^(Deserialized\.)?CorootAgent\.\w+$') + $types | Select-Object -First 1
    if ($EmptyProperty) {
        $reason = "The $type names no ${Kind}: its property $EmptyProperty is empty or has an empty element."
        return New-CorootBindingError -Reason $reason -Target $InputObject
    }
    $reason = "The $type has no property that names a ${Kind}. Pipe an object of this module, or a name."
    New-CorootBindingError -Reason $reason -Target $InputObject -NotBound
}
