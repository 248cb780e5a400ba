# Loads the functions of the module, one a file; what is exported stands in the manifest.

# A global Set-StrictMode of the caller would reach in here, so the module says its own.
Set-StrictMode -Version 3.0

# Windows PowerShell does not load this assembly by itself.
Add-Type -AssemblyName System.Net.Http

foreach ($folder in 'Private', 'Public') {
    foreach ($file in Get-ChildItem -Path (Join-Path $PSScriptRoot $folder) -Filter '*.ps1') {
        . $file.FullName
    }
}
