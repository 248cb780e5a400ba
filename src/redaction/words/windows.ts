// Words of Windows: display names of its services, descriptions of devices, folders, accounts, status texts, registry.
// Own list; the texts that it covers are those of learn.microsoft.com (services, system error codes, NTSTATUS).

export const WINDOWS_WORDS = `
aborted access accessory account accounts acquisition activation active activex adapter admin administrator afd africa
agent alerts alignment alljoyn already amd america analysis analytic another antivirus appdata application apppool
appx april area asia aspnet assembly assertion assign assigned assistant association atheros atlantic attempted audio
august australia authentication authip authority auto autoconfig automatic available awareness azure background backup
bad base based basenamedobjects being between biometric bitlocker block bluetooth boot breakpoint bridge broadcom
broker browser buffer build builtin busy cache call camera cannot card cd cdp ceip cellular center certificate
certificates channel citrix class classes client cluster cng code color com compartment compatibility completed
compute computer config configuration connect connected connection connections connectivity contact container context
control controller controlset coordinator copy core corrupt corruption could counter create credential cryptographic
cryptography csv current currentcontrolset currentversion daemon data datacenter daylight dcom debug december
deduplication default defaultapppool defender delayed deletion delivery demo denied dependency depends deployment
desktop destination detection device devices dfs dhcp diagnostic directory disabled discovery disk display distributed
divide dll dns documents does domain domains down downloaded drive driver drivers drives dual dvd dynamics eap edge
edition education efs element elevated elevation embedded encrypting encryption endpoint engine enough enterprise
entra entry enumerator essentials etc ethernet europe evaluation event events evt excel exchange exclusive execution
exists exit experience experiences expired explorer extensible extensions external failed failover failure family
fashion fat fax feature february federation file files filter filtering find firewall fixed flow font format found
foundation frame framework friday ftp full function game gateway generic geolocation gigabit global gmt graphics group
grouping guard guest handle handwriting harddisk hardware hdd heap heartbeat held helper history hkcr hkcu hkey hklm
home host hosting hotspot http human hyper hyper-v hyperv hypervisor ics identity iis ike illegal image impersonate
impersonation incorrect increase inetpub information infrastructure initiator input insider inspection install
installer instance instruction instrumentation insufficient integer integration integrity intel intelligent
interactive interface internal internet intersite intune invalid iot ipsec isatap iscsi isolated isolation january job
july june kerberos kernel key keyboard keying ktm kvm lanman launcher launchpad layer level library license licensing
lightweight link list listener live load local locallow localservice localsystem located location lock locked log
logfiles logging logon logs loopback ltsc mac machine manage management manager mandatory manifest manual mapper maps
march marked marvell media mellanox memory message messaging microsoft microsoft.net miniport mobile mode modules
monday monitoring more mrxsmb msg multi multimedia multiplexor mup name namespace nat native ndis net netbios netbt
netkvm network networking networkservice nfs node nonexistent notifications november now ntfs nvidia nvme object
october office offline onedrive operation operational optimization optimize ordinal outlook overflow ownership pacific
pack packet page pagefile panel parallels parameter parameters partition passed passport password path peer per-user
perception performance period permanent phone picker pipe platform play player plug pnrp point policies policy port
portable power presentation preview primary print printer private privilege pro problem procedure process professional
profile program programdata programfiles progress propagation protocol provider proxy pseudo public publication
publishing push qos quad qualcomm quality queuing quorum quota radio raid rdbss reached readiness realtek redhat
redirector refs refused registered registry relabel relationship release remediation remote removable removal
replication reporting reports repository request requestor required reset resolution resource respond restore
restrictions resultant retail rights roaming rom root router routing rpc running sata saturday save scheduler scsi se
search sechangenotify secondary secure security semaphore sensor september server service services session sessions
set settings setup shadow sharepoint sharing shell shutdown side silo silos single site small smart smb smtp snmp
socket software solutions spatial specified spool spooler spot sql srv ssd ssdp stack standard start started state
status still storage store stub studio successfully such sunday superfetch support svc switch symbolic sync
synchronization sys system system32 systemdrive systemroot systemtime syswow syswow64 tablet take task tasks tcp tcpip
team teaming teams telemetry telephony temp teredo terminated text themes thread thursday tiers tile time timely
timeout tm token topology touch tracking transaction transfer trap trigger triggers trust trustedinstaller tuesday
tunnel tunneling type uac unable unavailable undock unexpectedly unknown unreachable update updater upnp usb use user
userport utc vault verifier vethernet viewer violation virtio virtual virtualbox virtualization visio visual vmware
vmxnet volume vss vswitch wallet wan web wednesday wi-fi wia wide wifi windir window windows winhttp winsxs wired
wireless wlan wmi word working workstation world wpf wpn writer wwan wwwroot x86 xbox xen zero zone
`;

/** Groups of services that share a process: the values of `svchost.exe -k`. */
export const SVCHOST_GROUPS = `
AarSvcGroup apphost appmodel AppReadiness AssignedAccessManagerSvc AxInstSVGroup BcastDVRUserService BthAppGroup
Camera ClipboardSvcGroup CloudIdServiceGroup DcomLaunch defragsvc DevicesFlow diagnostics DialogBlockingService
DisplayEnhancementService ftpsvc GPSvcGroup GraphicsPerfSvcGroup ICService iissvcs imgsvc LocalService
LocalServiceAndNoImpersonation LocalServiceNetworkRestricted LocalServiceNoNetwork LocalServiceNoNetworkFirewall
LocalServicePeerNet LocalSystemNetworkRestricted NetSvcs NetworkService NetworkServiceAndNoImpersonation
NetworkServiceNetworkRestricted osprivacy PeerDist print PrintWorkflow rdxgroup regsvc RPCSS SDRSVC secsvcs smbsvcs
smphost swprv termsvcs tsgateway UdkSvcGroup UnistackSvcGroup utcsvc WbioSvcGroup WepHostSvcGroup WerSvcGroup wsappx
wusvcs
`;
