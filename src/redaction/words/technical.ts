// Technical and function words that texts of programs have, beyond those of this program's source (own list).

export const TECHNICAL_WORDS = `
.net a able abort aborted about above accept accepted access account acl across action active actual adapter add added
additional address administrator adoptium aes after again against agent alert algorithm alias all allocate allocated
allow allowed along already also alternate always am amd64 among amount an analysis and another answer any api app
application apply apps archive are aren't argument argv arm64 around arp array as asp.net assembly assert async at
attach attempt attribute audit auth authenticate authorization auto automatic availability available average avoid
await back backend background bad balance bandwidth bar base base64 baseline basic batch be because been before begin
being below benchmark between big bin binary bind binn block boolean boot bootstrap both bound branch break bridge
broadcast broken broker bucket buffer bug build builtin bus busy but by byte bytes cache call callback can can't
cancel cannot capacity capture card case catch cause central certificate change channel character check checkpoint
checksum child choose cipher circuit class cleanup clear cli client clock clone close closed clr cluster code collect
collector collision column com command comment commit common compare compile complete component compress compute
computer condition config configure conflict connect connected connection console const constant constraint
constructor consumer container content context continue control controller convert cookie copy core correct corretto
corrupt could couldn't count counter cpu crash crc32 create created credential critical css csv ctor current cursor
custom cycle dacl daemon data database date db deadlock debug default defer define delay delete deny deploy depth
description desktop destination detail detect dev device dhcp diagnostic dialog did didn't digest direct directory
disable disabled disconnect discovery disk dispatch display dispose dist distributed dll dmz dns do doc docs document
does doesn't doing domain don't done double doubles down download driver drop dump duplicate duration during dynamic
e.g each edge edit eight either element else email empty enable encode encrypt end endpoint engine entity entry
enumerate env environment equal error escape etc etc. etw eval event eventloop ever every example exceed exception
exchange exclude exe execute exist exit expect expire export exports expression extend extension external fail failed
failover failure fallback false fatal fault feature fetch few field file filename filter final find finish firewall
first five fix flag flow flush folder for force foreground foreign fork form format forward found four fqdn fqdns
frame framework framework64 free frequency from front frontend ftp full func function gateway gb gc general generate
generic get gib gid global good gpu grant graph group grpc guest gui guid had handle handler handshake hang hard
hardware has hash hasn't have haven't having hdd he header health heap heartbeat help her here hide high his history
hold hook host hostname how html http http2 http3 https hundred hz i.e ia32 icmp icon id identifier identity idle if
ignore image imap implement import in include index info initialize inner input insert inside instance instant integer
integrity interactive interface internal internet interrupt interval into invalid invented invoke io iops ip ipv4 ipv6
is isn't isolation issue it item iteration its jdbc jdk job join journal jre js json just jvm kb key keyboard keyword
kib kill kind label lag lambda lan language large last latency launch layer layout lease least left legacy length less
level lib library libuv license lifetime limit line link list listen listener literal lo load loader local locale
localhost location lock log logging login logon long lookup loop loopback lost low lun mac main maintenance manage
management manager manual many map mask master match max maximum may mb md5 mean media member memory menu merge
message metadata method metric mib middle middleware might migrate million min minimum mirror missing mm mnt mobile
mode model modify module monitor more most mount move ms mssql much multicast multiple must my name names namespace
nas nat native navigate near neither net64 network never new next nic nine no no. node node.js none nor normal nosql
not notification notify nr. ns nt ntp null number object observer odbc of off offline offset often ok old oledb on
once one online only onto open openjdk operation operator opt option or order origin os other our out output outside
over overflow override overview own owner package packet packets page panel parallel parameter parent parse part
partial partition pass passive password patch path pattern pause payload peer pending per performance permission
persist phase pid ping pipe pipeline platform plugin point policy poll pool port position post power prefix prepare
previous primary print priority private privilege probe problem procedure process processor prod producer product
profile program progress promise prompt property protect protocol prototype provider proxy public publish pull push qa
queries query queue quick quiet quota raid ram random range rate raw reach read reader ready real reason receive
recent record recover recovery recursive redirect redo reduce reference refresh refuse region register registry reject
relation relative release reload remote remove rename render repair repeat replace replica replication reply report
repository request require reserve reset resident resolve resource response rest restart restore restrict result
resume retain retry return reverse revision right role rollback rom root rotate route router routine row rpc rsa rtt
rule run runtime rx sacl safe same sample san save scale scan schedule scheduler schema scm scope screen script
scripted scroll sdk search second secondary section secure security segment segments select send sender sensor
sequence serial server service session set setting setup seven several severity sftp sha1 sha256 shall shared she
shell shift short should shutdown sid sign signal signature simple since single six size skip slave sleep slow small
smtp snapshot so soap socket soft software some sometimes sort source space specific speed split sql src srv ssd ssh
ssl stack staging stale standalone standard standby start startup state static statistics status stddev stderr stdin
stdout step still stop storage store stream string strong structure sub submit subnet subscribe success such suffix
suite sum summary super supervisor support suspend switch symbol sync syntax system table tag target task tb tcp
template temporary temurin ten terminal terminate test text than that the their them then there these they third this
those thousand thread three threshold throttle through throughput throw ticket tid time timeout timer timestamp title
tls tmp to toggle token too too_old tool top topic total trace track traffic transaction transfer transform transition
translate transmit transport traverse tree trigger trim true trust ts tunnel two tx type TypeA TypeAAAA typeof uac udp
ui uid unable undefined under unexpected unhandled unicast union unique unit unknown unless unlock unmount unregister
unsupported until up update updates upgrade upload uptime url us usage use user usr utf16 utf8 utility ux valid
validate value var variable vb.net vendor verbose verify version versus very via view virtual visible vlan void volume
vote vpn vs. wait wake wan warn warning was wasn't watch we weak web weight were weren't what when where which while
who whom whose why width will win32 win64 window with within without wizard wlan wmi won't word work worker workflow
would wouldn't wrap write writer wrong x64 x86 xml yaml yes yet yield you your zero zone
`;
