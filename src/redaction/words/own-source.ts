// Words of the messages and identifiers of this program: printed by `npm run vocabulary`.

export const OWN_WORDS = `
aaaa abno abort aborted about above abrupt abs absent accept accepted accepts access account accounted accounting
accounts ace aces acked acknowledged acknowledgement acl across act action actions actionsw active activity actual
adapter adapteraddress adapters add added addition additional addr address addresses adds adjust adjusted admin
administrative administrator administrators admit admits adopt advance advice aerospike aes affinity after again age
agent agents ajv alias align alignment alike alive all alloc allow allowed allowlist alone already also alternatives
although always among amount amounts ancestor ancestors and anonymous another answer answered answers any anycast
anything apache api apiserver app append appended appends application applications apply arch architecture archive are
arg args argument arguments argv around arpa array arrival arrivals arrive arrived ascii asd ase aside asked assembly
assign assigned associated async atomics attached attempt attempts attribute attributed attributes authenticate
authorities authority authorization auto automatic automatically autostart avail availability available average avg
back background backlog backoff backslash backup bad base based baseline baselines basename bases basic bat batch
batcher batches bearer beat beats because become becomes been before began begin begun behind belong belongs below
beside besides best between beyond big bigint binary bind binder binding bindings bios birth bit bits block blocked
blocking blocks bodies body bold bool boolean boot border both bound bounded bounds bracket bracketed brackets brings
broadcast broken bsd bucket buckets budget buf buffer buffered buffers bufptr build builds built bundle bundled burst
bus busiest busy but bypass bypasses byte bytes cab cache cached call callback calls can cancel cancelled candidate
cannot canonical cap capacity capture case cat catalogue catch category cause causes cch ceil celsius ceph cephcsi cer
cert certificate certificates certutil cfg chain chalk change changed changes changing channel char character
characters charge chars charset check checked checking checkpoint checksum child children choice choices choose chosen
chunk chunks cid cidr cipher cipheriv claim claimed claims clamp class clean cleaned clear clickhouse client clients
clock close closed closes closetag closing cloud cluster cmd cname cockroach code codes collect collected collecting
collection collector collectors collects colon color colorize colour column columns come comes comm comma command
commander commands commas commit committed community compact compare compartment compartments compile compiled
complete completed component compress compressed compression compressor compute computer concat conditional conditions
conf config configs configuration configure configured configw confirm connect connected connecting connection
connections connects conns consecutive consequence console const constants constructor consul consumed contact contain
container containers contains content contents context continues continuing control controller controls convert
converts copied copies copy core cores cork coroot corootsp corporation correct corrupt corrupted could count counted
counter counters counting country counts coverage covered covers cpl cpu cpus crash crashed crashes creat create
created creates creation creator credentials critical cross crt csd cstatus ctr ctrl cur curl current currently custom
cut cycle cycles dac dacl damaged dash data database date day deadline debug debugged dec decide decided decipheriv
decision decisions decode decoded decoder decompress dedicated deep default defaultaccount defaults defined definition
degraded degrees del delay delayed delete deleted deletion delimited deliver delivered deliveries delivering delivery
deltas demands denied denylist depend dependencies depends deprecated depth deregister derive derived desc describe
described description descriptionw descriptor desired dest destination destinations destroy destroyed detach detail
details detected detection detections device devices diagnose diagnostics dictionary did differ difference different
differs digest digits dir direct direction directories directory dirname disable disabled discard discarded discards
discover discovered discovery disk disks dispatcher display disposable dispose disposition distance distinct divide
divided division dll dns docker dockerd docs document does doesn doing dollar domain domains done dos dotnet dots
dotted double doubles down dpc dragonfly drain drained draw drift drive driver drives drop dropped drops drv dry dual
due duplex duplicate duplicates duration durations during dword dynamic eacces each eaddrinuse eagain earlier earliest
early ebusy ecc econnrefused econnreset edicated edit edition edquot eexist effect effective einval eisdir either
elapsed element elements elevated elevation eloop else emfile emit emitted emitter empty enable enabled enables enc
encode encoded encoder encoding encodings encrypted end ended endian ending endings endpoint endpoints ends energy
enfile enforced engine engines english enoent enomem enospc enosys enotdir enotsup enough enter enterprise entries
entriesread entry entryw enum enumerate env environment envoy enxio eopnotsupp eperm ephemeral epipe epoch eproto
equals erofs err errno error errors ervices escape escaped ession essions estab established estats estimate estimated
etag etcd ethernet etl etw even event eventlog eventloop events ever every everyone everything evice evict evicted
eviction evtx exact exceeded except exception excess exchange exclude excluded excludes exclusion exe exec exist
existing exists exit exited exits exlock exp expand expandable expanded expansion expect expectation expected expire
expired expires explain explained explains explanation exported exposition expressions ext extended extension
extensions external extra extract factor factory facts fail failed failing fails failure failures fallback false
families family far fast faster fastify fatal fault faults fcntl fdbserver few fewer field fields fifo figure figures
fildes file files fill filled filter final finally find finding finds fine finish finished finite firewall firewalls
firmware first fits five fixed flag flags flat flight floor flow flows flush fog folder folders follow followed
follows for forbidden force foreground foreign forget form format formed former forms found foundationdb fqd fqdn
fqdns frame frames framework free freq frequency fresh friendly from front fstat full fully func function functions
functionw future gaa gain gap gateway gather gatherer gauge generation generator generic get getfl gets giu given glob
global gmt goes gone good got gpu gpus grace grant grants graphics greater group grouped groupname groups grow growing
grown growth grpc guarded guest guid guids gunzip gzip had half hand handed handle handler handles handshake hang
hanging hangs haproxy hard hardware harmless has hash have head header headers heads health heap held help helps here
hex hexadecimal hidden hide high higher highest hint histogram historical history hkey hklm hold holder holders holds
home hook hooked hooks horizontal host hosted hostname hosts hours how hpe href hrtime http httpapi httpd https hung
icacls icann icrosoft identifier identity idle ids ifstack ignore iis illegal image images immediate implement
implemented import importable imported imul inbound inc include included includes incoming incomplete increment
independent index indexes indices indows inet inetsrv inf inferred infinity inflate influxd influxdb info information
inforom infos infow inherit inheritance inherited ini init initial initialised initialize initialized initiated inner
ino inodes input inputs ins insecure insensitive inside inspect inspection install installation installed installer
installs instance instances instant instants instead instruction insufficient int integer interface interfaces
internal interpreters interrogate interrupt interrupts interval intervals intl into invalid invoke ioctl iphlpapi ips
irq iso isolated issue item items iterable iterator its itself jar java javaw jitter job jobobject jobs join joined
joint jpg json kebab keep keeps kept kernel key keydb keys keyword keywords kill kilobyte kilobytes kind kinds
kmtqaitype knowledge known koffi koromix kube kubelet label labels lack lag large larger last late latencies latency
later latest layer layout lead leaf learn learned learns least leave left leftover leftovers legacy len lend length
lent let letter letters level lib libc library license lie lies life like limit limited limits line lines linger
lingering link linkage linked links linux list listed listen listened listener listeners listening listens lister
lists literal little live lived load loaded loader loading loads local locale localgroupname localhost localservice
localsystem locate located location lock locked log logfile logfilew logged logger logical logon logs long longer
longest look lookup loop loopback loops loss losses lost low lower lpcch lpdw lphandler lpn lpsa lpservice lpsz lstat
luid mac machine machines made magic mail main major make makes malformed manager manifest manual manually many map
mapped mapping margin mariadbd mark marked marks mask masked match matcher matches math mature max maximum may mcdm
mean meaning meanings means meant measured media medium mem member members membership memcached memory memorystatusex
merge merged message messages meta metadata method methods metric metrics mgr mhz mib microsoft middle milliseconds
milliwatts min minimum minor minute minutes mismatch missed missing mix mixed mjs mkdir mkdtemp mode model modes
modified modify module modules moment mon mongod mongodb mongos monitor monitoring mono monotonic month more most
mount mounted move moved msc msg msi msp mss mssql mtime mtu mui multi multicast must mysql mysqld name named names
namespace nanoseconds narrow native nats need needed needs negated negative neither nested nests net netstat netsvcs
network networks networkservice never nevertheless new newer newest next nginx noctty node nodejs noexpand nofollow
non nonblock none nonpaged nor normal normalise normaliser normally nosniff not note notes nothing notify now npm
ntdll nul null nullable num number numbering numbers numeric nvidia nvironment nvml nvsmi nxdomain nxt obeyed object
objects observation observations observe observed observes occurred octets ocx odd ofa off offset offsetof offsets
oftware old older oldest ollama omit once one ones only ontrol opcode open openapi opendir opened opening opentag oper
operating operation operations operator optimize option optional options opts order ordered orderly org origin oroot
osd osquery osversioninfow other others otherwise otlp ours out outbound outcome output outputs outside over overflow
overlapped overlaps overridable override overrides overrun overruns overwrite own owned owner owners ownership owning
owns paced package packages packed packer packets pad padding page paged pagefile pages paging paint pair pairs
parallelism parameter parameters params parent parents parse parsed parser parsing part partial parts pass passed
passes password path pathname paths patience pattern patterns pause paused pauses pausing payload payloads pcb pci pdh
pdw peak peek peeked peer pem pending per percent percentage performance period permanent permission permit permits
pgbouncer phase phases phk php phrases phys physical pick picture pid pids piece pieces pino pipe pipeline pipes pkts
place placeholder placeholders places plain plains plan plane planned platform plausible pledged plus pmsz point
pointer pointers points policy poll poller polls pool pop port ports position positive possessive possible post
postgres postponed power powers powershell pplication pre preamble precision preferred prefix prefmaxlen prepare
prepend present presents preshutdown pretty previous print printable priorities priority private privilege privileges
problem problems proc process processes processor processors processtrace processw procs produce produced product
profile profiles program programs progress prom prometheus promise promised promisify prompt properties property
protected proto protobuf protocol protos prototype prototypes provider providers provisional proxy proxysql psz ptr
public publish published publishes push pushed put pwsh python qpc qualified quality queried query querystring
question questions queue queued queues quota quote quoted quotes race raise ran random range ranges rate rates raw rcv
rdonly rdwr reach reachable reached read readable readdir reader readers reading readings readlink readonly reads
ready real really reason reasons reboot recall recalled receive received receiver receivers receives recent recognised
record recorded recorder recording records recover recovered recovery recursive redact redactable redacted redacting
redaction redactor redirected redirection redirects redis reduce reference referenced refers refill refills refresh
refreshes refusal refusals refuse refused refuses reg regard region register registers registry regular reinstall
reject rejected rejection relabel relative release released remain remainder remainders remember remembered remote
removal removals remove removed removing ren rename render rendered renew repair reparse repeat repeated replace
replaced replacement replaces replay replayed replaying reply report reported reports repurposed req request requested
requesting requests require required reservation reservations reserve reserved reserves reset resets resolve resolved
resolver resolvers resolves resource resources respond response rest restart restarted restarting restarts restore
restored restores restricted result results resume resumehandle retain retained retention retired retran retrans
retransmissions retransmit retransmits retransmitted retried retries retry retryable retrying return returned returns
reused reverse reversed reversible review revision revoked right rights ring rmdir rod rogram role roll rook room root
roots ros round rounds route routes routing row rows rpc rrf rsmb rss rtl rto rtt rtts ruby rule rules run rundown
runner running runs ryptography sacl safe sam same sample sampled samples sampling saxes say says scan scanned scans
schedule scheduled scheduler schedules scheduling schema scheme schemeless scm scope scopes scrape scrapes scratch
scripts scrub scrubbed scrubber scrubbing sddl sdk search searched second seconds secret secrets secure security see
seen segment segments segs select selected selection selections self semantics semi send sensor sent sentence sentinel
separated separator separators seq seqs sequence serialise serialize serializer series serve server servername servers
servfail service services session sessions set setfl sets setting settings settle settled settlement several
severities severity shape shapes share shared sharers shares sharing shift shiftable shifted short show shown shows
shut shutdown shuts shutting siblings sid side sids sigbreak sighup sigint sigkill sign signal signals signature
signed sigterm silent silos similar simpler sin since single singles sink site sites size sized sizeof sizes skip
skipped skips slack slash slashes sleep slice slices slot slots slow slowest small smallest smbios smoothed snappy
snapshot snd soa sockaddr socket sockets soft software sole some something somewhere soon sort source sources space
spaced spaces span spare spawn speak specific speed spelling spent splice split splitter spool spurious sqlservr src
srv ssl stable stack stale stamp stand standard standby stands star start started starting starts stat state states
static statistics stats status statuses stay stayed stays stdcall stderr stdout stem step steps still stop stopped
stopping stops storable storage store stored stores stream strict string stringify strings struct stuck sub subarray
subauthorities subject subsequent succeeded success successful successfully such suffix suffixes suggest suggestion
sum summarised summary sums supersede supported surely svchost swagger swap swapping sweep switch switches symbol syn
sync sys syscall system systemd table tables tag tagged tail take taken takes tally tape target targets task tcb tcp
tcpip tcprow tcptable teardown technical telemetry tell temp temperature template temporary terminate terminated test
text texts than that the their them then there these they this those thread threadpool threads through thru tick ticks
time timed timeout timeouts timer times timeseries timestamp title tls tmp tmpdir together token tokens tolerant too
took top total totalentries totalmem totals touch trace traced tracer traces tracing track tracker tracking traefik
traffic trailer transfer transient transitions translate transmit transmitted transport transports treat tree trees
tried tries trigger triggered triggers trim trimmed trip true trunc truncated trust trusted trustedinstaller trusts
try tty tunnel tuple turn turned twice two txt type typebox types ucast ucch uint ull ulong una unacknowledged
unanswered unassigned unattributed unauthorized unavailability unavailable unc uncaught unchanged unchecked uncommon
uncork undecided undefined undeletable unescaped unexpected unexpectedly unhandled unicast unicode uninitialized
uninstall unique unit units unknown unless unlimited unlink unlisted unload unmatched unnamed unning unobserved unpack
unquoted unreachable unread unreadable unref unreported unrequested unreserved unrestricted unsafe unsent unshared
unshift unsigned unspec until untyped unusable unused unwritable unzstd update upgrade upgraded upgrader upgraders
upper uptime uri url urlacl urls urrent usable usage use used user username users userservice uses utf util
utilization uui uuid uuids val valid validate valkey value values var variable varint vary vault vbs vectors vent verb
verbatim verdict verified verify version versions vgpu via victim victoria view views violation virtual visible visit
visitor vital vminsert vmselect vmstorage vocabulary void volume volumes wait waited waiting waits wake wal wall
wanted warn warning was wasm watch watchdog watched watermark watt watts way wdagutilityaccount wddm weak web weight
weights well were what whatever when where whether which while whitespace who whole whose why wide widely width
wildcard wildcards win window windows wine winhttp wins wire wireless with within without wmi wnode word words work
worker working works worthwhile would wrap wraps writable write writer writes writev writing written wrong www xml
year yes yet you young younger zero zeroed zeros zip zone zstd
`;
