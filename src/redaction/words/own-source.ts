// Words of the messages and identifiers of this program: printed by `npm run vocabulary`.

export const OWN_WORDS = `
aaaa abno abort aborted about above abrupt abs absent accept accepted accepting accepts access account accounted
accounting accounts ace aces acked acknowledged acknowledgement acl acp across act action actions actionsw activation
active activity actor actual adapter adapteraddress adapters add added addition additional addr address addresses adds
adjust adjusted admin administrative administrator administrators admit admits adopt advance advice aerospike aes
affinity after again age agent agents ago ajv alarm alert alias alibaba align alignment alike alive aliyun all alloc
allow allowed allowlist alone already also alternatives although always amazon ambiguous among amount amounts amp
analytic ancestor ancestors and announced announcements anonymous another ansi answer answered answers any anycast
anything apache api apiserver apos apostrophes app append appended appends application applications apply arch
architecture archive are arg args argument arguments argv around arpa array arrival arrivals arrive arrived ascii
asctime asd ase aside asked asks assembly asset assign assigned associated async atomics attach attached attempt
attempts attention attribute attributed attributes audit authenticate authorities authority authorization auto
automatic automatically autostart avail availability available average avg aws azure back background backlog backoff
backslash backup bad base based baseline baselines basename bases basic bat batch batcher batches bearer beat beats
because become becomes been before began begin begun behind belong belongs below beside besides best between beyond
big bigint binary bind binder binding bindings bios birth birthtime bit bits block blocked blocking blocks board
bodies body bold bom bookmark bool boolean boot border both bound bounded bounds bracket bracketed brackets brings
broadcast broken bsd bucket buckets budget buf buffer buffered buffers bufptr build builds built bundle bundled burst
bursts bus busiest busy but bypass bypasses byte bytes cab cache cached call callback calls came can cancel cancelled
candidate candidates cannot canonical cap capacity capture carriage case cat catalogue catch category cause caused
causes cch cdata ceil celsius ceph cephcsi cer cert certain certificate certificates certutil cfg chain chains chalk
change changed changes changing channel channels char character characters charge chars charset chassis check checked
checking checkpoint checksum child children choice choices choose chosen chunk chunks cid cidr cipher cipheriv claim
claimed claims clamp class clean cleaned clear cleared clickhouse client clients clock close closed closer closes
closetag closing cloud cluster cmd cname cockroach code codes collect collected collecting collection collector
collectors collects colon colons color colorize colour column columns com combinations come comes comm comma command
commander commands commas comment commercial commit commitbytes commitpeakbytes committed common community compact
compare compared compartment compartments compile compiled complete completed completion complex component compress
compressed compression compressor compute computer computername concat conditional conditions conf config configs
configuration configure configured configw confirm connect connected connecting connection connections connects conns
consecutive consequence console const constants constructor consul consumed contact contain container containers
contains content contents context continues continuing control controller controls convert converts cookie copied
copies copy core cores cork coroot corootsp corporation correct corrupt corrupted could count countable counted
counter counters counting country counts coverage covered covers cpl cpu cpus crash crashed crashes creat create
created creates creation creator credentials crit critical cross crt csd cstatus ctr ctrl cur curl curly current
currently cursor custom cut cycle cycles dac dacl daemon damaged dash data database date datetime day dbg deadline
debu debug debugged dec decide decided decimal decipheriv decision decisions decode decoded decoder decompress
dedicated deep default defaultaccount defaults defined definition degraded degrees del delay delayed delete deleted
deletion delimited deliver delivered deliveries delivering delivery deltas demand demands denied denylist depend
dependencies dependency depends deprecated depth deregister derive derived desc describe described description
descriptionw descriptor desired dest destination destinations destroy destroyed detach detail details detect detected
detection detections dev device devices diagnose diagnostics dial dictionary did die differ difference differences
different differs digest digital digits dim dir direct direction directive directories directory dirname disable
disabled disables discard discarded discards disconnect discover discovered discovery disk disks dispatcher display
disposable dispose disposition distance distinct divide divided division dll dns docker dockerd docs document does
doesn doing dollar dom domain domains done dos dot dotnet dots dotted double doubles down dpc dragonfly drain drained
draw drift drive driver drivers drives drop dropped drops drv dry dtiwefnca dual due duplex duplicate duplicates
duration durations during dword dynamic eacces each eaddrinuse eagain earlier earliest early ebusy ecc econnrefused
econnreset ecs edicated edit edition edquot eexist effect effective einval eisdir either elapsed element elements
elevated elevation eloop else emerg emfile emit emitted emitter empty enable enabled enables enc encode encoded
encoder encoding encodings encrypted end ended endian ending endings endpoint endpoints ends energy enfile enforced
engine engines english enoent enomem enospc enosys enotdir enotsup enough enter enterprise entries entriesread entry
entryw enum enumerate env environment envoy enxio eopnotsupp eperm ephemeral epipe epoch eproto equals erofs err errno
erro error errors ervices escape escaped escapes ession essions estab established estats estimate estimated etag etcd
ethernet etl etw euc even event eventlog eventloop events ever every everyone everything evice evict evicted eviction
evt evtx exact examined exceeded except exception excess exchange exclamation exclude excluded excludes exclusion exe
exec execution exist existing exists exit exited exits exlock exp expand expandable expanded expansion expect
expectation expected expire expired expires explain explained explains explanation exported exposition expressions ext
extended extension extensions external extra extract extracted fact factor factory facts fail failed failing fails
failure failures faint fair fallback false families family far fast faster fastify fatal fault faulting faults fcntl
fdbserver feed few fewer field fields fifo fifth figure figures fildes file files fill filled filter filtered filters
final finally find finding finds fine fingerprint finish finished finite firewall firewalls firmware first fits
fitting five fixed flag flags flat flavor flight floor flow flows flush fog folder folders follow followed follower
followers following follows for forbidden force foreground foreign forget form format formatted formed former forms
forwarded found foundationdb fqd fqdn fqdns fraction fractions fragment frame frames framework free freq frequency
fresh friendly from front fstat ftl full fully func function functions functionw further future gaa gain gap gaps
gateway gather gatherer gauge gbk gcp generation generator generic get getfl gets giu given glob global glog gmt goes
gone good google got gpu gpus grace grant grants graphics greater grep group grouped grouper grouping groupname groups
grow growing grown growth grpc gsu guarded guess guessed guest guid guids gunzip gzip had half halved hand handed
handle handler handles handling handshake hang hanging hangs haproxy hard hardware harmless has hash hashes have head
header headers heads health healthy heap heartbeat held help helps here hetzner hex hexadecimal hidden hide high
higher highest hint histogram historical history hkey hklm hold holder holders holds home hook hooked hooks horizontal
host hosted hostname hosts hour hours how hpe href hrtime html http httpapi httpd https hung hyper hyperv ibm icacls
icann icrosoft identifier identity idle ids ifstack ignore ignored iis illegal image images immediate implement
implemented import importable imported imul inactive inbound inc include included includes incoming incomplete
increment indent independent index indexes indices indows inet inetsrv inf inferred infinity inflate influxd influxdb
info information inforom infos infow inherit inheritance inherited ini init initial initialised initialize initialized
initiated inner innermost ino inodes input inputs ins insecure insensitive insert inserts inside inspect inspected
inspection install installation installed installer installs instance instances instant instants instead instruction
instrumentation insufficient int integer integrator interface interfaces internal internet interpreters interrogate
interrupt interrupted interrupts interval intervals intl into invalid inventory invoke ioctl iostream ipe iphlpapi ips
irq iso isolated isolation issue item items iterable iterator its itself jar java javaw jis jitter job jobobject jobs
join joined joint jpg json kebab keep keeps kept kernel key keydb keys keyword keywords kill kilobyte kilobytes kind
kinds kmtqaitype knowledge known koffi koromix kube kubelet label labels lack lacks lag lanes language large larger
largest last late latencies latency later latest layer layout layouts lcid lead leaf learn learned learns least leave
leaves left leftover leftovers legacy len lend length lent let letter letters level levelname levels lib libc library
license lie lies life like limit limited limiter limits line lines linger lingering link linkage linked links linux
list listed listen listened listener listeners listening listens lister listing lists literal little live lived load
loaded loader loading loads local locale locales localgroupname localhost localservice localsystem locate located
location lock locked log logfile logfilew logged logger logical loglevel logon logs long longer longest look lookup
loop loopback loops loss losses lost low lower lpcch lpdw lphandler lpn lpsa lpservice lpsz lstat luid lvl mac machine
machines made magic mail main major make maker makers makes malformed manager manifest manual manually manufacturer
many map mapped mapping margin mariadbd mark marked marks markup mask masked match matched matcher matches math mature
max maximum may mcdm mean meaning meanings means meant measured media medium mem member members membership memcached
memory memorystatusex merge merged message messages meta metadata method methods metric metrics mgr mhz mib microsoft
middle milliseconds milliwatts min minimum minor minute minutes mismatch missed missing mix mixed mjs mkdir mkdtemp
mode model modem modes modified modify module modules moment mon mongod mongodb mongos monitor monitoring mono
monotonic month more most mount mounted move moved msc msg msi msp mss mssql mtime mtu mui multi multicast multiple
must mutable mysql mysqld name named names namespace nano nanoseconds narrow native nats near need needed needs
negated negative negotiate neither nested nests net netbios netpub netsh netstat netsvcs network networks
networkservice neutral never nevertheless new newer newest next nginx nine nlink noctty node nodejs noexpand nofollow
non nonblock none nonpaged nor normal normalise normaliser normalized normally nosniff not note notes nothing noti
notify now npipe npm ntdll nul null nullable num number numbered numbering numbers numeric nvidia nvironment nvml
nvsmi nxdomain nxt obeyed object objects observation observations observe observed observes occurred ocean octets ocx
odd ofa off offset offsetof offsets oftware ogs old older oldest ollama omit once one ones only ontrol oom opc opcode
open openapi opendir opened opening opentag oper operating operation operations operator optimize option optional
options opts oracle order ordered orderly org origin original oroot osd osquery osversioninfow other others otherwise
otlp ours out outbound outcome outer outgoing outlet output outputs outside over overflow overlapped overlaps
overridable override overrides overrun overruns oversized overwrite overwritten own owned owner owners ownership
owning owns paced package packages packed packer packets pad padding page paged pagefile pages paging paint pair pairs
parallelism param parameter parameters params parent parents parse parsed parser parsing part partial parts pass
passed passes password patch path pathname paths patience pattern patterns pause paused pauses pausing payload
payloads pcb pci pdh pdw peak peek peeked peer pem pending per percent percentage performance period permanent
permission permit permits pgbouncer phase phases phk php phrases phys physical pick picture pid pids piece pieces pino
pipe pipeline pipes pkts place placeholder placeholders placement places plain plains plan plane planned platform
plausible pledged plus pmsz point pointer pointers points policy poll poller polls pool pop port ports position
positions positive possessive possible post postgres power powers powershell pplication pre preamble precision
preemptible preferred prefix prefixes prefmaxlen prepare prepend present presents preshutdown pretty previous prime
print printable priorities priority private privateworkingset privilege privileges probe problem problems proc
procedure process processes processor processors processtrace processw procs produce produced product profile profiles
program programs progress project prom prometheus promise promised promisify prompt properties property protected
proto protobuf protocol protos prototype prototypes provider providers provisional proxy proxysql psz ptr public
publish published publisher publishers publishes punctuation push pushed put pwsh python qpc qualified quality queried
query querystring question questions queue queued queues quot quota quotation quote quoted quotes race raise ran
random range ranges rank rate rates raw rcv rdonly rdwr reach reachable reached read readable readdir reader readers
reading readings readlink readonly reads ready real really reason reasons reboot recall recalled receive received
receiver receivers receives recent recognised record recorded recorder recording records recover recovered recovery
recursive red redact redactable redacted redacting redaction redactor redirected redirection redirects redis reduce
ref reference referenced references refers refill refills refresh refreshes refusal refusals refuse refused refuses
reg regard region register registers registry regular reinstall reject rejected rejection relabel relative release
released remain remainder remainders remedy remember remembered remote removal removals remove removed removing ren
rename render rendered rendering renew repair reparse repeat repeated replace replaced replacement replaces replay
replayed replaying reply report reported reporters reporting reports repurposed req request requested requesting
requests require required reservation reservations reserve reserved reserves reset resets resolve resolved resolver
resolvers resolves resource resources respond response rest restart restarted restarting restarts restore restored
restores restricted resubscribed resubscriptions result results resume resumehandle retain retained retention retired
retran retrans retransmissions retransmit retransmits retransmitted retried retries retry retryable retrying return
returned returns reused reverse reversed reversible review revision revoked right rights ring rmdir rod rogram role
roll rook room root roots ros rotated rotation round rounds route router routes routing row rows rpc rrf rsmb rss rtl
rto rtt rtts ruby rule rules run rundown runner running runs runtime ryptography sacl safe sam same sample sampled
samples sampling saxes say says scaleway scan scanned scans schedule scheduled scheduler schedules scheduling schema
scheme schemeless scm scope scopes scrape scrapes scripts scrub scrubbed scrubber scrubbing sddl sdk search searched
searches second seconds secret secrets secure security see seen segment segments segs select selected selection
selections self semantics semi send sensor sent sentence sentinel separated separator separators seq seqs sequence
serial serialize series serve server servername servers servfail service services servicestate session sessions set
setfl sets setting settings settle settled settlement several severe severities severity shape shapes share shared
sharers shares sharing shift shiftable shifted short shortened shot show shown shows shrink shut shutdown shuts
shutting sibling siblings sid side sids sigbreak sighup sigint sigkill sign signal signals signature signed sigterm
silence silent silo silos similar simpler sin since single sink site sites size sized sizeof sizes skip skipped skips
slack slash slashes sleep slice slices slot slots slow slowest slowly small smallest smbios smoothed snappy snapshot
snd soa sockaddr socket sockets soft software sole some something somewhere soon sort source sources space spaced
spaces span spans spare spawn speak spec special specific specified speed spelling spent splice split splitter spool
spot spurious sql sqlservr square src srv ssl stable stack stale stalled stamp stand standard standby stands star
start started starting starts stat state states static statistics stats status statuses stay stayed stays stdcall
stderr stdout stem step steps still stop stopped stopping stops storable storage store stored stores stream streams
strict string stringify strings stripped strong struct structure stuck style styles sub subarray subauthorities
subject subscribe subscribed subscription subscriptions subsequent succeeded success successful successfully such
suffix suffixed suffixes suggest suggestion sum summarised summary sums supersede supported surely svchost swagger
swap swapping sweep switch switches symbol syn sync sys syscall system systemd systemerrorreporting table tables tag
tagged tail tails take taken takes tally tape target targets task tcb tcp tcpip tcprow tcptable teardown technical
telemetry tell temp temperature template temporary ten terminate terminated test text texts than that the their them
then there these they this those thread threadpool threads through throw thru tick ticks time timed timeout timeouts
timer times timeseries timestamp title tls tmp tmpdir together token tokens tolerant too took top total totalentries
totalmem totals touch trace traceback traced tracer traces tracing track tracker tracking traefik traffic trailer
transfer transient transitions translate transmit transmitted transport transports trc treat tree trees tried tries
trigger triggered triggers trim trimmed trip true trunc truncate truncated truncation trust trusted trustedinstaller
trusts try trying ttl tty tunnel tuple turn turned twice two txt type typebox types ucast ucch udp uint ull ulong una
unacknowledged unanswered unassigned unattributed unauthorized unavailability unavailable unc uncaught unchanged
unchecked unclassified uncommon uncork undecided undefined undeletable unescaped unexpected unexpectedly unhandled
unhealthy unicast unicode uninitialized uninstall unique unit units unknown unless unlimited unlink unlisted unload
unmatched unnamed unning unobserved unowned unpack unpause unquoted unreachable unread unreadable unref unreported
unrequested unreserved unresolved unrestricted unsafe unseen unsent unshared unshift unsigned unspec until untyped
unusable unused unwritable unzstd update upgrade upgraded upgrader upgraders upper uptime urgent uri url urlacl urls
urrent usable usage use used user username users userservice uses usual utc utf util utilization uui uuid uuids val
valid validate valkey value values var variable variables variant varint vary vault vbs vectors vent verb verbatim
verdict verified verify version versioned versions vgpu via victim victoria view views violation virtual visible visit
visitor vital vminsert vmselect vmstorage vocabulary void volume volumes wait waited waiting waits wake wal wall
wanted warn warning warnings was wasm watch watchdog watched water watermark watt watts way wdagutilityaccount wddm
weak web weight weights well wer were wevtapi what whatever whatwg when where whether which while whitespace who whole
whose why wide widely width wildcard wildcards will win window windows wine winhttp winlog wins wire wireless with
withhold within without wmi wnode word words work worker working works worthwhile would wrap wraps writable write
writer writes writev writing written wrn wrong wrote www xml xmlns xpath yaml year yellow yes yet yield you young
younger zero zeroed zeros zip zone zstd
`;
