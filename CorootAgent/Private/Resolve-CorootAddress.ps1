# Turns what a person gives as -Address into the control plane's host, port and URL.
function Resolve-CorootAddress {
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        # Empty for where an agent of this machine listens.
        [AllowEmptyString()]
        [string] $Address
    )

    $defaultPort = 10300
    $text = "127.0.0.1:$defaultPort"
    if ($Address) { $text = $Address } elseif ($env:COROOT_LISTEN) { $text = $env:COROOT_LISTEN }

    $form = '^(?:http://)?(?:\[(?<v6>[0-9a-f:.]+)\]|(?<name>[\w.-]*))(?::(?<port>\d{1,5}))?/?$'
    $match = [regex]::Match($text.Trim(), $form, 'IgnoreCase')
    $hostName = $match.Groups['v6'].Value + $match.Groups['name'].Value
    $port = if ($match.Groups['port'].Success) { [int] $match.Groups['port'].Value } else { $defaultPort }
    $nothing = -not $hostName -and -not $match.Groups['port'].Success
    if (-not $match.Success -or $nothing -or $port -lt 1 -or $port -gt 65535) {
        throw [System.ArgumentException]::new("'$text' is not an address of an agent: HOST:PORT is expected, e.g. 127.0.0.1:10300 or [::1]:10300.")
    }

    # An agent that listens on every address is asked on the nearest one.
    if ($hostName -in '', '0.0.0.0') { $hostName = '127.0.0.1' }
    if ($hostName -eq '::') { $hostName = '::1' }

    $ip = $null
    $isIp = [System.Net.IPAddress]::TryParse($hostName, [ref] $ip)
    $authority = if ($hostName.Contains(':')) { "[${hostName}]:$port" } else { "${hostName}:$port" }
    [pscustomobject]@{
        HostName   = $hostName
        Port       = $port
        Text       = $authority
        Uri        = [uri] "http://$authority"
        IsLoopback = ($isIp -and [System.Net.IPAddress]::IsLoopback($ip)) -or $hostName -eq 'localhost'
    }
}
