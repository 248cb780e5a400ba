# Reads one kind of object from the control plane. Every error ends the calling cmdlet.
function Invoke-CorootQuery {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        # Name of the object in CorootAgent.Objects.psd1.
        [Parameter(Mandatory)]
        [string] $Name,

        # The cmdlet that reports errors and warnings.
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Caller,

        [string] $Address,

        [int] $TimeoutSec = 10,

        # Values of query parameters; those that are empty are not sent.
        [hashtable] $Filter = @{},

        # Names or ids of containers, with wildcards; none means all. A plain name that no container has is reported as
        # an error.
        [AllowNull()]
        [AllowEmptyCollection()]
        [string[]] $Container,

        # Gets the answer and returns its rows; by default they are the required property of the answer.
        [scriptblock] $RowScript,

        [switch] $NoWarning
    )

    $definition = $script:CorootObjects[$Name]
    $agent = @{ Address = $Address; TimeoutSec = $TimeoutSec; Caller = $Caller }
    # Before the request, because a pattern may be invalid.
    $patterns = @(ConvertTo-CorootPattern -Text $Container -Caller $Caller)
    $parts = @(Split-CorootContainer -Container $Container)
    $known = $null
    if ($parts.Count -gt 1) {
        # Ids instead of patterns, so that no container is selected by two requests.
        $known = (Invoke-CorootRequest @agent -Path '/api/v1/containers' -RequiredProperty 'containers').containers
        $ids = @(Get-CorootContainerId -Container $known -Pattern $patterns |
                ForEach-Object -Process { ConvertTo-CorootLiteral -Name $_ })
        # No parts: an empty one would select everything.
        $parts = @(if ($ids.Count -gt 0) { Split-CorootContainer -Container $ids })
    }
    $flags = @{ truncated = $false; stale = $false }
    $filterNow = $Filter.Clone()
    $left = $Filter['limit']
    $objects = @(foreach ($part in $parts) {
            # With the limit reached, one row more shows that rows are missing.
            if ($Filter['limit']) { $filterNow['limit'] = [math]::Max($left, 1) }
            $path = "$($definition.Path)$(Get-CorootQueryString -Filter $filterNow -Container $part)"
            $answer = Invoke-CorootRequest @agent -Path $path -RequiredProperty $definition.Required
            foreach ($flag in @($flags.Keys)) {
                $isSet = (Test-CorootProperty -InputObject $answer -Name $flag) -and $answer.$flag
                $flags[$flag] = $flags[$flag] -or $isSet
            }
            $rows = ConvertFrom-CorootAnswer -Name $Name -Answer $answer -RowScript $RowScript
            if ($rows.Problem) {
                $reason = @{ Address = $answer.address; Reason = $rows.Problem }
                $Caller.ThrowTerminatingError((New-CorootAnswerError @reason))
            }
            if ($Filter['limit']) {
                if ($left -eq 0 -and $rows.RowCount -gt 0) { $flags.truncated = $true }
                if ($flags.truncated -and $left -eq 0) { break }
                $left -= $rows.RowCount
            }
            $rows.Objects
            if ($flags.truncated) { break }
        })
    $missing = @(
        if ($null -eq $known) { Get-CorootMissingContainer @agent -Pattern $patterns -InputObject $objects }
        else { Get-CorootMissingName -Pattern $patterns -InputObject $known -NameScript { $_.id; $_.name } }
    )
    if ($flags.stale -and -not $NoWarning) {
        $Caller.WriteWarning('The last reading on the host failed: these are the values of the reading before it.')
    }
    if ($flags.truncated -and -not $NoWarning) {
        $Caller.WriteWarning("Only the first $($Filter.limit) rows are returned; ask for more with -Limit.")
    }
    foreach ($each in $missing) { Write-CorootNotFound -Kind 'container' -Name $each -Caller $Caller }
    $objects
}

# The objects in an answer as Objects and the number of its rows as RowCount, or the reason why it has none as Problem,
# e.g. that a field is missing.
function ConvertFrom-CorootAnswer {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        # Name of the object in CorootAgent.Objects.psd1.
        [Parameter(Mandatory)]
        [string] $Name,

        [Parameter(Mandatory)]
        [psobject] $Answer,

        [scriptblock] $RowScript
    )

    $result = @{ Objects = @(); RowCount = 0; Problem = '' }
    $mark = Get-CorootErrorMark
    try {
        $rows = if ($RowScript) { & $RowScript $Answer } else { $Answer.($script:CorootObjects[$Name].Required) }
        $result.Objects = @(ConvertTo-CorootObject -Name $Name -InputObject $rows -Answer $Answer)
        # The rows of DNS requests are those of all containers.
        $counted = if ($Name -eq 'DnsSummary') { $Answer.containers | ForEach-Object -Process { $_.requests } }
        else { $result.Objects }
        $result.RowCount = @($counted).Count
    }
    catch { $result.Problem = $_.Exception.Message }
    Clear-CorootCaughtError -Mark $mark
    $result
}
