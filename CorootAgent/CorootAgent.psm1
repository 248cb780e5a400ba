# Loads the functions, one file each. The manifest exports those in Public.
Set-StrictMode -Version Latest

# Windows PowerShell does not load this assembly by itself.
Add-Type -AssemblyName System.Net.Http

foreach ($folder in 'Private', 'Public') {
    foreach ($file in Get-ChildItem -Path (Join-Path -Path $PSScriptRoot -ChildPath $folder) -Filter '*.ps1' -File) {
        . $file.FullName
    }
}
