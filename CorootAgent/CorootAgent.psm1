# Loads the functions: one file each, Public ones are exported by the manifest.
Set-StrictMode -Version Latest

foreach ($folder in 'Private', 'Public') {
    foreach ($file in Get-ChildItem -Path (Join-Path -Path $PSScriptRoot -ChildPath $folder) -Filter '*.ps1' -File) {
        . $file.FullName
    }
}
