# Gives the objects of this module the method ToPrintable, which the views use: names come from the host, and a name
# must not control a terminal. The properties themselves keep the characters.
$script:CorootTypeNames = @(
    foreach ($name in $script:CorootObjects.Keys) { "CorootAgent.$name", "Deserialized.CorootAgent.$name" }
)
foreach ($name in $script:CorootTypeNames) {
    $method = @{ MemberType = 'ScriptMethod'; MemberName = 'ToPrintable' }
    Update-TypeData -TypeName $name @method -Value ${function:ConvertTo-CorootPrintable} -Force
}
$ExecutionContext.SessionState.Module.OnRemove = {
    foreach ($name in $script:CorootTypeNames) { Remove-TypeData -TypeName $name -ErrorAction Ignore }
}
