# The objects of the module: the place of each one in the answers of the control plane, and one line per property.
#
# A line is 'Property field unit', or 'Property field unit if field' for a property that stays empty unless that field
# is set. A field is a path into the row; items[].name is the name of each item. A leading slash makes it a path into
# the whole answer, to which the module adds the field address: the address of the agent that answered.
#
#   text, any             as the control plane has it
#   int, long, double, bool
#   time                  milliseconds since 1970 as local time, empty for 0
#   duration              seconds as time span
#   counts                an ordered dictionary of counts
#   texts                 an ordered dictionary of texts
#   NAME                  the object of that name in this table
#
# A unit with [] makes a list. A unit with ? leaves the property empty for 0, which stands for an unknown value.
@{
    Agent = @{
        Path       = '/api/v1/status'
        Required   = 'agent'
        Properties = @(
            'State                  state                        text'
            'Version                agent.version                text'
            'ProcessId              agent.pid                    int'
            'Started                agent.startedAtMs            time'
            'Listen                 agent.listen                 text'
            'NodeVersion            agent.nodeVersion            text'
            'ConsoleMode            agent.consoleMode            bool'
            'HostName               host.hostname                text'
            'HostKind               host.kind                    text'
            'System                 host.kernelVersion           text'
            'Platform               host.platform                text'
            'MachineId              host.machineId               text'
            'SystemUuid             host.systemUuid              text'
            'HostTime               host.timeMs                  time'
            'Uptime                 host.uptimeSeconds           duration'
            'Elevated               host.elevated                text'
            'Detail                 host.detail                  any'
            'StandIns               host.standIns                any[]'
            'Passes                 passes.count                 long'
            'LastPass               passes.lastAtMs              time'
            'PassDuration           passes.lastDurationSeconds   duration'
            'Interval               passes.intervalSeconds       duration'
            'Series                 passes.series                long'
            'Containers             containers                   int'
            'Services               services                     int'
            'Connections            connections                  int'
            'ConnectDetection       connectDetection.source      text'
            'ConnectDetectionReason connectDetection.reason      text'
            'Events                 events                       EventSession'
            'Sources                sources                      Source[]'
            'Missing                missing                      Missing[]'
            'Retrying               retrying                     Retry[]'
            'UnmatchedPatterns      unmatchedPatterns            UnmatchedPattern[]'
            'Collectors             collectors                   Collector[]'
            'Deliveries             deliveries                   Delivery[]'
            'Spool                  spool                        Spool'
            'Docker                 docker                       Docker'
            'Outputs                outputs                      Output[]'
            'Problems               problems                     text[]'
            'Counters               counters                     any'
            'Address                /address                     text'
        )
    }

    EventSession = @{
        Properties = @(
            'State                  state                        text'
            'Reason                 reason                       text'
            'Providers              providers                    text[]'
            'Restarts               restarts                     long'
            'Events                 events                       long'
            'EventsLost             eventsLost                   long'
            'BuffersLost            buffersLost                  long'
            'RealTimeBuffersLost    realTimeBuffersLost          long'
            'Dropped                dropped                      any'
        )
    }

    Source = @{
        Properties = @(
            'Kind                   kind                         text'
            'Available              available                    text'
            'LastRead               lastReadAtMs                 time'
            'LastReadDuration       lastReadSeconds              duration'
            'Readings               readings                     long'
            'Failures               failures                     long'
            'Problems               problems                     text[]'
        )
    }

    Retry = @{
        Properties = @(
            'Part                   part                         text'
            'Reason                 reason                       text'
            'Since                  sinceMs                      time'
            'NextAttempt            nextAttemptAtMs              time'
        )
    }

    UnmatchedPattern = @{
        Properties = @(
            'Setting                setting                      text'
            'Pattern                pattern                      text'
        )
    }

    Missing = @{
        Properties = @(
            'Part                   part                         text'
            'Reason                 reason                       text'
            'RequiredRight          requiredRight                text'
            'Consequence            consequence                  text'
        )
    }

    Collector = @{
        Properties = @(
            'Name                   name                         text'
            'Failures               failures                     long'
            'LastError              lastError                    text'
        )
    }

    Delivery = @{
        Properties = @(
            'Destination            destination                  text'
            'Endpoint               endpoint                     text'
            'State                  state                        text'
            'Problem                problem                      text'
            'QueuedPayloads         queuedPayloads               long'
            'QueuedItems            queuedItems                  long'
            'QueuedBytes            queuedBytes                  long'
            'OldestAge              oldestAgeSeconds             duration'
            'RecoveredItems         recoveredItems               long'
            'ProducedItems          producedItems                long'
            'DeliveredItems         deliveredItems               long'
            'DroppedItems           droppedItems                 any'
            'Changes                changes                      any'
            'Requests               requests                     any'
            'SentBytes              sentBytes                    long'
            'Status                 lastStatus                   int'
            'RequestDuration        lastRequestSeconds           duration'
            'LastSuccess            lastSuccessAtMs              time'
            'NextAttempt            nextAttemptAtMs              time'
        )
    }

    Spool = @{
        Properties = @(
            'Folder                 folder                       text'
            'Bytes                  bytes                        long'
            'MaxBytes               maxBytes                     long'
            'Leftovers              leftovers                    any'
            'RejectedPayloads       rejectedPayloads             long'
            'Problem                problem                      text'
        )
    }

    Docker = @{
        Properties = @(
            'State                  state                        text'
            'Endpoint               endpoint                     text'
            'Version                version                      text'
            'ApiVersion             apiVersion                   text'
            'Containers             containers                   int'
            'Dropped                dropped                      any'
        )
    }

    Output = @{
        Properties = @(
            'Name                   name                         text'
            'Failures               failures                     long'
            'Problem                problem                      text'
        )
    }

    Container = @{
        Path       = '/api/v1/containers'
        Required   = 'containers'
        Properties = @(
            'Id                     id                           text'
            'Name                   name                         text'
            'Kind                   kind                         text'
            'DisplayName            displayName                  text'
            'Image                  image                        text'
            'State                  state                        text'
            'ProcessId              pid                          int'
            'Processes              pids                         int[]'
            'ApplicationTypes       applicationTypes             text[]'
            'Started                startedAtMs                  time'
            'FirstSeen              firstSeenAtMs                time'
            'Uptime                 uptimeSeconds                duration?'
            'Restarts               restarts                     long'
            'Crashes                restartsByCause.crash        long'
            'PlannedRestarts        restartsByCause.planned      long'
            'UnknownRestarts        restartsByCause.unknown      long'
            'LastExit               lastExit.atMs                time'
            'LastExitCode           lastExit.code                long       if lastExit.atMs'
            'LastExitMeaning        lastExit.meaning             text'
            'CpuTime                cpuSeconds                   duration'
            'MemoryBytes            rssBytes                     long'
            'MemorySource           rssSource                    text'
            'MemoryLimitBytes       limits.memoryBytes           long?'
            'CpuLimitCores          limits.cpuCores              double?'
            'Jobs                   limits.jobs                  text[]'
            'HasUnnamedJob          limits.hasUnnamedJob         bool'
            'Threads                threads                      int'
            'Handles                handles                      int'
            'HardFaults             pageFaults.hard              long'
            'SoftFaults             pageFaults.soft              long'
            'Reads                  io.reads                     long'
            'Writes                 io.writes                    long'
            'ReadBytes              io.readBytes                 long'
            'WrittenBytes           io.writtenBytes              long'
            'IoSource               io.source                    text'
            'Disk                   io.device                    text'
            'ImagePath              imagePath                    text'
            'Listeners              listeners[].address          text[]'
            'ListenerDetails        listeners                    ListenerDetail[]'
            'ActiveConnections      activeConnections            int'
            'CriticalMessages       logMessages.critical         long'
            'ErrorMessages          logMessages.error            long'
            'WarningMessages        logMessages.warning          long'
            'InfoMessages           logMessages.info             long'
            'DebugMessages          logMessages.debug            long'
            'UnknownMessages        logMessages.unknown          long'
            'DockerId               docker.id                    text'
            'Isolation              docker.isolation             text'
            'DockerState            docker.state                 text'
            'Health                 docker.health                text'
            'PolicyRestarts         docker.restartCount          long'
            'StatsAge               docker.statsAgeSeconds       duration?'
            'Networks               docker.networks[].name       text[]'
            'PublishedPorts         docker.ports[].hostAddress   text[]'
            'NetworkDetails         docker.networks              NetworkDetail[]'
            'PortDetails            docker.ports                 PortDetail[]'
            'LogDriver              docker.logDriver             text'
            'LogMonitoring          docker.logMonitoring         bool'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    ListenerDetail = @{
        Properties = @(
            'Listener               address                      text'
            'Proxy                  proxy                        text'
            'InMetrics              inMetrics                    bool'
        )
    }

    NetworkDetail = @{
        Properties = @(
            'Network                name                         text'
            'Addresses              addresses                    text[]'
            'ReceivedBytes          receivedBytes                long'
            'TransmittedBytes       transmittedBytes             long'
        )
    }

    PortDetail = @{
        Properties = @(
            'Protocol               protocol                     text'
            'HostAddress            hostAddress                  text'
            'ContainerPort          containerPort                int'
        )
    }

    Connection = @{
        Path       = '/api/v1/connections'
        Required   = 'connections'
        Properties = @(
            'ContainerId            containerId                  text'
            'ContainerName          containerName                text'
            'Destination            destination                  text'
            'ActualDestination      actualDestination            text'
            'DestinationName        destinationName              text'
            'Active                 active                       int'
            'SuccessfulConnects     successfulConnects           long'
            'InferredConnects       inferredConnects             long'
            'FailedConnects         failedConnects               long'
            'Failures               failures                     counts'
            'LastFailure            lastFailureAtMs              time'
            'LastFailureReason      lastFailure                  text'
            'MeanConnectTime        meanConnectSeconds           duration?'
            'RoundTripTime          rttSeconds                   duration?'
            'SentBytes              sentBytes                    long'
            'ReceivedBytes          receivedBytes                long'
            'Retransmits            retransmits                  long'
            'Resets                 resets                       long'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    # A row is one request of a container's list, with the container.
    DnsRequest = @{
        Path       = '/api/v1/dns-requests'
        Required   = 'containers'
        Properties = @(
            'ContainerId            container.containerId        text'
            'ContainerName          container.containerName      text'
            'Domain                 request.domain               text'
            'Type                   request.type                 text'
            'Status                 request.status               text'
            'Count                  request.count                long'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    # A row has the sums of a container's list in total and failed.
    DnsSummary = @{
        Path       = '/api/v1/dns-requests'
        Required   = 'containers'
        Properties = @(
            'ContainerId            container.containerId        text'
            'ContainerName          container.containerName      text'
            'Requests               total                        long'
            'FailedRequests         failed                       long'
            'Unanswered             container.unanswered         long'
            'TimedRequests          container.timedRequests      long'
            'Duration               container.durationSeconds    duration'
            'MeanDuration           container.meanDurationSeconds duration?'
            'LastFailure            container.lastFailure.atMs   time'
            'LastFailureDomain      container.lastFailure.domain text'
            'LastFailureType        container.lastFailure.type   text'
            'LastFailureStatus      container.lastFailure.status text'
            'LastFailureCode        container.lastFailure.code   long       if container.lastFailure.atMs'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    Gpu = @{
        Path       = '/api/v1/gpus'
        Required   = 'gpus'
        Properties = @(
            'Name                   name                         text'
            'Uuid                   uuid                         text'
            'Index                  index                        int'
            'PciAddress             pciAddress                   text'
            'DriverVersion          /driverVersion               text'
            'MemoryBytes            memoryTotalBytes             long?'
            'UsedMemoryBytes        memoryUsedBytes              long       if memoryTotalBytes'
            'Temperature            temperatureCelsius           int        if hasTemperature'
            'PowerWatts             powerWatts                   double     if hasPower'
            'Utilization            utilizationPercent           double     if hasUtilization'
            'PeakUtilization        peakUtilizationPercent       double     if hasUtilization'
            'MemoryUtilization      memoryUtilizationPercent     double     if hasMemoryUtilization'
            'PeakMemoryUtilization  peakMemoryUtilizationPercent double     if hasMemoryUtilization'
            'Samples                samples                      int'
            'ProcessSource          processSource                text'
            'Processes              processes                    GpuProcess[]'
            'ReadState              /state                       text'
            'ReadReason             /reason                      text'
            'ReadSince              /sinceMs                     time'
            'NextAttempt            /nextAttemptAtMs             time'
            'CallFailures           /callFailures                GpuCallFailure[]'
            'OtherAdapters          /otherAdapters               GpuAdapter[]'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    GpuCallFailure = @{
        Properties = @(
            'Call                   call                         text'
            'Error                  error                        text'
            'Count                  count                        long'
        )
    }

    GpuAdapter = @{
        Properties = @(
            'Luid                   luid                         text'
            'Reason                 reason                       text'
            'Processes              processes                    int'
        )
    }

    GpuProcess = @{
        Properties = @(
            'ProcessId              pid                          int'
            'ProcessName            name                         text'
            'ContainerId            containerIds                 text[]'
            'Usage                  usagePercent                 double     if hasUsage'
            'MemoryBytes            memoryBytes                  long       if hasMemory'
            'Address                /address                     text'
        )
    }

    Listener = @{
        Path       = '/api/v1/listeners'
        Required   = 'listeners'
        Properties = @(
            'Listener               address                      text'
            'ContainerId            containerId                  text'
            'Service                service                      text'
            'ProcessId              pid                          int'
            'DetectedBy             detectedBy                   text'
            'Detail                 detail                       text'
            'Proxy                  proxy                        text'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    Process = @{
        Path       = '/api/v1/processes'
        Required   = 'processes'
        Properties = @(
            'ProcessId              pid                          int'
            'ParentId               parentPid                    int'
            'ProcessName            name                         text'
            'ContainerId            containerIds                 text[]'
            'Started                startedAtMs                  time'
            'Uptime                 uptimeSeconds                duration?'
            'CpuTime                cpuSeconds                   duration'
            'WorkingSetBytes        workingSetBytes              long'
            'PrivateBytes           privateWorkingSetBytes       long?'
            'Threads                threads                      int'
            'Handles                handles                      int'
            'ImagePath              imagePath                    text'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    Service = @{
        Path       = '/api/v1/services'
        Required   = 'services'
        Properties = @(
            'Name                   name                         text'
            'DisplayName            displayName                  text'
            'State                  state                        text'
            'StartType              startType                    text'
            'ProcessId              pid                          int'
            'SharedWith             sharedWith                   text[]'
            'Group                  group                        text'
            'ContainerId            containerId                  text'
            'IsContainer            containerId                  bool'
            'Rule                   rule                         text'
            'Explanation            explanation                  text'
            'ServiceType            serviceType                  int'
            'Account                account                      text'
            'BinaryPath             binaryPath                   text'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    ServiceGroup = @{
        Path       = '/api/v1/service-groups'
        Required   = 'groups'
        Properties = @(
            'Group                  group                        text'
            'ProcessId              pid                          int'
            'Image                  process.image                text'
            'Started                process.startedAtMs          time'
            'CpuTime                process.cpuSeconds           duration'
            'WorkingSetBytes        process.workingSetBytes      long'
            'PrivateBytes           process.privateWorkingSetBytes long?'
            'Threads                process.threads              int'
            'Handles                process.handles              int'
            'Services               services                     GroupService[]'
            'UnattributedListeners  unattributed.listeners       text[]'
            'UnattributedConnections unattributed.connections    GroupConnection[]'
            'SocketsByService       /socketsByService            bool'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    GroupService = @{
        Properties = @(
            'Name                   name                         text'
            'DisplayName            displayName                  text'
            'Rule                   rule                         text'
            'ContainerId            containerId                  text'
            'Listeners              listeners                    text[]'
            'Connections            connections                  GroupConnection[]'
            'Address                /address                     text'
        )
    }

    GroupConnection = @{
        Properties = @(
            'Destination            destination                  text'
            'ActualDestination      actualDestination            text'
            'Active                 active                       int'
        )
    }

    LogMessage = @{
        Path       = '/api/v1/logs'
        Required   = 'messages'
        Properties = @(
            'Time                   atMs                         time'
            'Level                  level                        text'
            'ContainerId            containerId                  text'
            'ContainerName          containerName                text'
            'Message                body                         text'
            'Source                 source                       text'
            'PatternHash            patternHash                  text'
            'Channel                channel                      text'
            'Provider               provider                     text'
            'EventId                eventId                      long       if channel'
            'RecordId               recordId                     text'
            'Attributes             attributes                   texts'
            'TraceId                traceId                      text'
            'SpanId                 spanId                       text'
            'Sequence               seq                          long'
            'Cursor                 /cursor                      text'
            'Missed                 /missed                      long'
            'Kept                   /kept                        long'
            'Evicted                /evicted                     long'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    LogPattern = @{
        Path       = '/api/v1/log-patterns'
        Required   = 'patterns'
        Properties = @(
            'ContainerId            containerId                  text'
            'ContainerName          containerName                text'
            'Source                 source                       text'
            'Level                  level                        text'
            'Hash                   hash                         text'
            'Sample                 sample                       text'
            'Count                  count                        long'
            'First                  firstAtMs                    time'
            'Last                   lastAtMs                     time'
            'IsNew                  isNew                        bool'
            'Observed               /observedAtMs                time'
            'Address                /address                     text'
        )
    }

    Node = @{
        Path       = '/api/v1/node'
        Required   = 'interfaces'
        Properties = @(
            'HostName               hostname                     text'
            'System                 kernelVersion                text'
            'MachineId              machineId                    text'
            'SystemUuid             systemUuid                   text'
            'Uptime                 uptimeSeconds                duration'
            'CloudProvider          cloud.provider               text'
            'AccountId              cloud.accountId              text'
            'InstanceId             cloud.instanceId             text'
            'InstanceType           cloud.instanceType           text'
            'InstanceLifeCycle      cloud.instanceLifeCycle      text'
            'Region                 cloud.region                 text'
            'AvailabilityZone       cloud.availabilityZone       text'
            'AvailabilityZoneId     cloud.availabilityZoneId     text'
            'LocalIPv4              cloud.localIpv4              text'
            'PublicIPv4             cloud.publicIpv4             text'
            'Processors             cpu.logicalProcessors        int?'
            'UserTime               cpu.userSeconds              duration   if cpu.logicalProcessors'
            'SystemTime             cpu.systemSeconds            duration   if cpu.logicalProcessors'
            'IdleTime               cpu.idleSeconds              duration   if cpu.logicalProcessors'
            'MemoryBytes            memory.totalBytes            long?'
            'AvailableBytes         memory.availableBytes        long       if memory.totalBytes'
            'FreeBytes              memory.freeBytes             long       if memory.totalBytes'
            'CachedBytes            memory.cachedBytes           long       if memory.totalBytes'
            'MemorySource           memory.source                text'
            'Disks                  disks                        Disk[]'
            'Adapters               interfaces                   Adapter[]'
            'Observed               observedAtMs                 time'
            'Address                /address                     text'
        )
    }

    Disk = @{
        Properties = @(
            'Device                 device                       text'
            'MountPoint             mountPoint                   text'
            'SizeBytes              sizeBytes                    long?'
            'FreeBytes              freeBytes                    long       if sizeBytes'
            'HasCounters            hasCounters                  bool'
            'Reads                  reads                        long       if hasCounters'
            'Writes                 writes                       long       if hasCounters'
            'ReadBytes              readBytes                    long       if hasCounters'
            'WrittenBytes           writtenBytes                 long       if hasCounters'
            'ReadTime               readSeconds                  duration   if hasCounters'
            'WriteTime              writeSeconds                 duration   if hasCounters'
            'BusyTime               busySeconds                  duration   if hasCounters'
        )
    }

    Adapter = @{
        Properties = @(
            'Name                   name                         text'
            'Up                     up                           bool'
            'Addresses              addresses                    text[]'
            'Traffic                traffic                      text'
            'ReceivedBytes          receivedBytes                long'
            'ReceivedPackets        receivedPackets              long'
            'ReceivedErrors         receivedErrors               long'
            'ReceivedDrops          receivedDrops                long'
            'SentBytes              transmittedBytes             long'
            'SentPackets            transmittedPackets           long'
            'SentErrors             transmittedErrors            long'
            'SentDrops              transmittedDrops             long'
        )
    }

    # The answer of `coroot-agent service status -o json`.
    Installation = @{
        Properties = @(
            'Name                   name                         text'
            'State                  state                        text'
            'ProcessId              pid                          int'
            'Account                account                      text'
            'Program                binaryPath                   text'
            'CrashFolder            crashFolder                  text'
            'CrashReports           crashes                      text[]'
        )
    }
}
