# Values that complete a parameter: those of a known set, or the names that the agent has.

# Sets of CorootAgent.Values.psd1 by cmdlet and parameter.
$script:CorootCompletedValues = @{
    'Get-CorootDnsRequest/Status' = 'DnsStatus'
    'Get-CorootDnsRequest/Type'   = 'DnsType'
    'Get-CorootService/Rule'      = 'ServiceRule'
}

# The route, the list in its answer and the field with the names, by cmdlet and parameter.
$script:CorootCompletedNames = @{
    'Get-CorootContainer/Name'       = '/api/v1/containers', 'containers', 'name'
    'Get-CorootConnection/Container' = '/api/v1/containers', 'containers', 'name'
    'Get-CorootDnsRequest/Container' = '/api/v1/containers', 'containers', 'name'
    'Get-CorootListener/Container'   = '/api/v1/containers', 'containers', 'name'
    'Get-CorootLog/Container'        = '/api/v1/containers', 'containers', 'name'
    'Get-CorootLogPattern/Container' = '/api/v1/containers', 'containers', 'name'
    'Get-CorootProcess/Container'    = '/api/v1/containers', 'containers', 'name'
    'Get-CorootListener/Service'     = '/api/v1/services', 'services', 'name'
    'Get-CorootService/Name'         = '/api/v1/services', 'services', 'name'
}

function Get-CorootCompletion {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.CompletionResult])]
    param(
        [Parameter(Mandatory)]
        [string] $CommandName,

        [Parameter(Mandatory)]
        [string] $ParameterName,

        # The word before the cursor.
        [AllowEmptyString()]
        [string] $Word,

        # Parameters that are on the command line already.
        [System.Collections.IDictionary] $Bound = @{}
    )

    $start = $Word.Trim('''', '"')
    $key = "$CommandName/$ParameterName"
    if ($script:CorootCompletedValues.ContainsKey($key)) {
        $names = $script:CorootValues[$script:CorootCompletedValues[$key]]
    }
    else {
        $path, $list, $field = $script:CorootCompletedNames[$key]
        # A person waits for the answer.
        $request = @{ Path = $path; RequiredProperty = $list; TimeoutSec = 2; Address = "$($Bound['Address'])" }
        $mark = Get-CorootErrorMark
        $names = @(try { (Invoke-CorootRequest @request).$list.$field } catch { Write-Debug -Message "$_" })
        Clear-CorootCaughtError -Mark $mark
    }
    foreach ($name in $names) {
        $short = if ($script:CorootCompletedValues[$key] -eq 'DnsType') { $name.Substring(4) } else { $name }
        if (-not ($name.StartsWith($start, 'OrdinalIgnoreCase') -or $short.StartsWith($start, 'OrdinalIgnoreCase'))) {
            continue
        }
        $text = ConvertTo-CorootLiteral -Name $name
        if ($text -match '[^\w./-]') {
            $text = "'$($text -replace "'", "''")'"
        }
        $label = ConvertTo-CorootPrintable -Text $name
        # A name with characters that are not visible cannot be typed safely.
        if ($label -cne $name) { continue }
        New-Object -TypeName System.Management.Automation.CompletionResult -ArgumentList @(
            $text, $label, 'ParameterValue', $label
        )
    }
}

foreach ($key in @($script:CorootCompletedValues.Keys) + @($script:CorootCompletedNames.Keys)) {
    $command, $parameter = $key -split '/'
    Register-ArgumentCompleter -CommandName $command -ParameterName $parameter -ScriptBlock {
        param($commandName, $parameterName, $word, $ast, $bound)
        Get-CorootCompletion -CommandName $commandName -ParameterName $parameterName -Word $word -Bound $bound
    }
}
