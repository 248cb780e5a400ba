# Answers of a control plane with a few rows, for Start-FakeAgent; dot-source this file.

# The fields of a schema of the engine with empty values: New-Row -Field 'a text, b.c number, d list' -Value @{ ... }.
function New-Row([string] $Field, [hashtable] $Value = @{}) {
    $row = [ordered]@{}
    foreach ($each in $Field -split ',\s*') {
        $name, $kind = -split $each
        $made = switch ($kind) { 'text' { '' } 'list' { , @() } 'map' { @{} } 'bool' { $false } default { 0 } }
        $target = $row
        $parts = @($name -split '\.')
        foreach ($part in $parts | Select-Object -SkipLast 1) {
            if (-not $target.Contains($part)) { $target[$part] = [ordered]@{} }
            $target = $target[$part]
        }
        $target[$parts[-1]] = $made
    }
    foreach ($key in $Value.Keys) { $row[$key] = $Value[$key] }
    $row
}

$script:containerFields = 'id text, name text, kind text, displayName text, image text, state text, pid n, ' +
    'pids list, applicationTypes list, startedAtMs n, uptimeSeconds n, firstSeenAtMs n, restarts n, ' +
    'restartsByCause.crash n, restartsByCause.planned n, restartsByCause.unknown n, lastExit.atMs n, ' +
    'lastExit.code n, lastExit.meaning text, cpuSeconds n, rssBytes n, rssSource text, limits.memoryBytes n, ' +
    'limits.cpuCores n, limits.jobs list, limits.hasUnnamedJob bool, threads n, handles n, pageFaults.hard n, ' +
    'pageFaults.soft n, io.source text, io.device text, io.reads n, io.writes n, io.readBytes n, ' +
    'io.writtenBytes n, imagePath text, listeners list, activeConnections n, ' +
    'logMessages.critical n, logMessages.error n, logMessages.warning n, logMessages.info n, logMessages.debug n, ' +
    'logMessages.unknown n, docker.id text, docker.isolation text, docker.state text, docker.health text, ' +
    'docker.restartCount n, docker.statsAgeSeconds n, docker.networks list, docker.ports list, ' +
    'docker.logDriver text, docker.logMonitoring bool'
$script:connectionFields = 'containerId text, containerName text, destination text, actualDestination text, ' +
    'destinationName text, active n, successfulConnects n, inferredConnects n, failedConnects n, failures map, ' +
    'lastFailureAtMs n, lastFailure text, meanConnectSeconds n, rttSeconds n, sentBytes n, receivedBytes n, ' +
    'retransmits n, resets n'
$script:dnsFields = 'containerId text, containerName text, requests list, unanswered n, timedRequests n, ' +
    'durationSeconds n, meanDurationSeconds n, lastFailure.atMs n, lastFailure.domain text, ' +
    'lastFailure.type text, lastFailure.status text, lastFailure.code n'
$script:messageFields = 'seq n, atMs n, level text, containerId text, containerName text, source text, body text, ' +
    'patternHash text, channel text, provider text, eventId n, recordId text, attributes map, traceId text, spanId text'
$script:logsFields = 'messages list, truncated bool, cursor text, restarted bool, missed n, kept n, evicted n'
$script:patternFields = 'containerId text, containerName text, source text, level text, hash text, sample text, ' +
    'count n, firstAtMs n, lastAtMs n, isNew bool'
$script:listenerFields = 'address text, proxy text, containerId text, service text, pid n, detectedBy text, ' +
    'detail text'
$script:processFields = 'pid n, parentPid n, name text, containerIds list, startedAtMs n, uptimeSeconds n, ' +
    'cpuSeconds n, workingSetBytes n, privateWorkingSetBytes n, threads n, handles n, imagePath text'
$script:serviceFields = 'name text, displayName text, state text, startType text, pid n, sharedWith list, ' +
    'group text, containerId text, rule text, explanation text, serviceType n, account text, binaryPath text'
$script:groupFields = 'pid n, group text, process.image text, process.startedAtMs n, process.cpuSeconds n, ' +
    'process.workingSetBytes n, process.privateWorkingSetBytes n, process.threads n, process.handles n, ' +
    'services list, unattributed.listeners list, unattributed.connections list'
$script:groupServiceFields = 'name text, displayName text, rule text, containerId text, listeners list, ' +
    'connections list'
$script:gpuFields = 'uuid text, index n, name text, pciAddress text, memoryTotalBytes n, memoryUsedBytes n, ' +
    'hasTemperature bool, temperatureCelsius n, hasPower bool, powerWatts n, hasUtilization bool, ' +
    'utilizationPercent n, peakUtilizationPercent n, hasMemoryUtilization bool, memoryUtilizationPercent n, ' +
    'peakMemoryUtilizationPercent n, samples n, processSource text, processes list'
$script:gpusFields = 'state text, reason text, sinceMs n, nextAttemptAtMs n, driverVersion text, gpus list, ' +
    'otherAdapters list, callFailures list'
$script:gpuProcessFields = 'pid n, name text, containerIds list, hasUsage bool, usagePercent n, hasMemory bool, ' +
    'memoryBytes n'
$script:nodeFields = 'observedAtMs n, hostname text, kernelVersion text, machineId text, systemUuid text, ' +
    'uptimeSeconds n, cloud.provider text, cloud.accountId text, cloud.instanceId text, cloud.instanceType text, ' +
    'cloud.instanceLifeCycle text, cloud.region text, cloud.availabilityZone text, cloud.availabilityZoneId text, ' +
    'cloud.localIpv4 text, cloud.publicIpv4 text, cpu.logicalProcessors n, memory.totalBytes n, memory.source text, disks list, ' +
    'interfaces list'
$script:statusFields = 'agent.version text, agent.pid n, agent.startedAtMs n, agent.listen text, ' +
    'agent.listenProblem text, agent.nodeVersion text, agent.consoleMode bool, host.hostname text, ' +
    'host.kind text, host.kernelVersion text, host.platform text, host.machineId text, host.systemUuid text, ' +
    'host.timeMs n, host.uptimeSeconds n, host.elevated text, host.detail map, host.standIns list, host.problem text, ' +
    'passes.count n, passes.lastAtMs n, passes.lastDurationSeconds n, passes.intervalSeconds n, passes.series n, ' +
    'containers n, services n, connections n, connectDetection.source text, connectDetection.reason text, ' +
    'events.state text, events.reason text, events.providers list, events.restarts n, events.events n, ' +
    'events.eventsLost n, events.buffersLost n, events.realTimeBuffersLost n, events.dropped map, sources list, ' +
    'missing list, unmatchedPatterns list, retrying list, collectors list, counters map, deliveries list, ' +
    'spool.folder text, spool.bytes n, spool.maxBytes n, spool.leftovers map, spool.rejectedPayloads n, ' +
    'spool.problem text, outputs list, docker.state text, docker.endpoint text, docker.version text, ' +
    'docker.apiVersion text, docker.containers n, docker.dropped map'

# Answers for all routes: the service shop with a process, a connection, a DNS request and a listener, in a shared
# process; the service idle, which is no container; and containers with the given names.
function New-HostAnswer {
    param(
        [string] $State = 'running',

        [int] $ProcessId = 100,

        [string[]] $Name = @('shop', 'calm', 'svc[1]', 'svc1', 'big-idea'),

        # Replaces the name of the container and each other text that comes from the host.
        [string] $Text = 'shop'
    )

    $id = @{ containerId = "/win/$Text" }
    $named = $id + @{ containerName = $Text }
    $containers = foreach ($each in $Name) {
        New-Row -Field $containerFields -Value @{ id = "/win/$each"; name = $each; kind = 'service'; state = $State }
    }
    $request = [ordered]@{ domain = "$Text.example"; type = 'TypeA'; status = 'ok'; count = 1 }
    $service = New-Row -Field $groupServiceFields -Value ($id + @{ name = $Text; rule = 'selected' })
    $network = @{ destination = '10.0.0.5:1433'; actualDestination = '10.0.0.5:1433'; destinationName = $Text }
    $processes = @(
        New-Row -Field $processFields -Value @{ pid = 4; name = 'System' }
        New-Row -Field $processFields -Value @{ pid = $ProcessId; name = "$Text.exe"; containerIds = @("/win/$Text") }
    )
    $services = @(
        New-Row -Field $serviceFields -Value ($id + @{ name = $Text; state = $State; rule = 'selected' })
        New-Row -Field $serviceFields -Value @{ name = 'idle'; state = 'stopped'; rule = 'manual-start' }
    )
    $listener = @{ address = '127.0.0.1:80'; service = $Text; pid = $ProcessId; detectedBy = 'process'; detail = $Text }
    $onGpu = New-Row -Field $gpuProcessFields -Value @{
        pid = $ProcessId; name = "$Text.exe"; containerIds = @("/win/$Text")
    }
    $gpus = 0, 1 | ForEach-Object -Process {
        New-Row -Field $gpuFields -Value @{ index = $_; name = $Text; uuid = "GPU-$_"; processes = @($onGpu) }
    }
    $bodies = @{
        containers       = @{ containers = @($containers) }
        connections      = @{ connections = @(New-Row -Field $connectionFields -Value ($named + $network)) }
        'dns-requests'   = @{ containers = @(New-Row -Field $dnsFields -Value ($named + @{ requests = @($request) })) }
        logs             = New-Row -Field $logsFields -Value @{
            messages = @(New-Row -Field $messageFields -Value ($named + @{ body = $Text; level = 'error' }))
        }
        'log-patterns'   = @{
            patterns = @(New-Row -Field $patternFields -Value ($named + @{ sample = $Text; level = 'error' }))
        }
        listeners        = @{ listeners = @(New-Row -Field $listenerFields -Value ($id + $listener)) }
        processes        = @{ processes = $processes }
        services         = @{ services = $services }
        'service-groups' = @{
            socketsByService = $true
            groups           = @(
                New-Row -Field $groupFields -Value @{ pid = $ProcessId; group = 'netsvcs'; services = @($service) }
            )
        }
        gpus             = New-Row -Field $gpusFields -Value @{ gpus = @($gpus); state = 'running' }
        node             = New-Row -Field $nodeFields -Value @{ hostname = $Text }
        status           = New-Row -Field $statusFields
    }
    $answers = @{}
    foreach ($route in $bodies.Keys) {
        $body = $bodies[$route]
        $body.observedAtMs = 1700000100000
        $answers["/api/v1/$route"] = ConvertTo-Json -InputObject $body -Depth 20
    }
    $answers
}
