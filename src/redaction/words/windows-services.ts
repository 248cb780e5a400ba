// Key names of services that come with Windows, its server roles, and other server software of Microsoft.
// Sources: https://learn.microsoft.com/windows-server/security/windows-services/ and the services of Windows 10 and 11.

export const WINDOWS_SERVICES = `
ADWS AJRouter ALG AppHostSvc AppIDSvc Appinfo AppMgmt AppReadiness AppVClient AppXSvc aspnet_state
AssignedAccessManagerSvc AudioEndpointBuilder Audiosrv autotimesvc AxInstSV BDESVC BFE BITS BrokerInfrastructure
Browser BTAGService BthAvctpSvc bthserv camsvc CaptureService cbdhsvc CDPSvc CDPUserSvc CertPropSvc CertSvc ClipSVC
cloudidsvc ClusSvc COMSysApp ConsentUxUserSvc CoreMessagingRegistrar coroot-node-agent CorootAgent
CredentialEnrollmentManagerUserSvc CryptSvc CscService DcomLaunch dcsvc defragsvc DeviceAssociationBrokerSvc
DeviceAssociationService DeviceInstall DevicePickerUserSvc DevicesFlowUserSvc DevQueryBroker DFS DFSR Dhcp DHCPServer
diagnosticshub.standardcollector.service diagsvc DiagTrack DialogBlockingService DispBrokerDesktopSvc
DisplayEnhancementService DmEnrollmentSvc dmwappushservice DNS Dnscache docker DoSvc dot3svc DPS DsmSvc DsRoleSvc
DsSvc DusmSvc Eaphost edgeupdate edgeupdatem EFS embeddedmode EntAppSvc EventLog EventSystem Fax fdPHost FDResPub
fhsvc FontCache FontCache3.0.0.0 FrameServer FrameServerMonitor ftpsvc GameInputSvc gpsvc GraphicsPerfSvc hidserv
hkmsvc hns HvHost HvSocket IAS icssvc IISADMIN IKEEXT InstallService InventorySvc iphlpsvc IpxlatCfgSvc IsmServ Kdc
KdsSvc KeyIso KPSSVC KtmRm LanmanServer LanmanWorkstation lfsvc LicenseManager lltdsvc lmhosts LocalKdc LPDSVC LSM
LxpSvc LxssManager MapsBroker McmSvc McpManagementService MessagingService MicrosoftEdgeElevationService
MixedRealityOpenXRSvc MpsSvc MSDTC MsDtsServer MSExchangeADTopology MSFTPSVC MSiSCSI msiserver MsKeyboardFilter MSMQ
MSMQTriggers MSOLAP MSSQL MSSQLFDLauncher MSSQLLaunchpad MSSQLSERVER MSSQLServerADHelper100 MSSQLServerOLAPService
NaturalAuthentication NcaSvc NcbService NcdAutoSetup Netlogon Netman NetMsmqActivator NetPipeActivator netprofm
NetSetupSvc NetTcpActivator NetTcpPortSharing NfsClnt NfsService NgcCtnrSvc NgcSvc NlaSvc NPSMSvc nsi NTDS NtFrs
nvagent OneSyncSvc p2pimsvc p2psvc P9RdrService PcaSvc PeerDistSvc PenService perceptionsimulation PerfHost PhoneSvc
PimIndexMaintenanceSvc pla PlugPlay PNRPAutoReg PNRPsvc PolicyAgent Power PrintDeviceConfigurationService PrintNotify
PrintScanBrokerService PrintWorkflowUserSvc ProfSvc PushToInstall QWAVE RaMgmtSvc RasAuto RasMan RDMS refsdedupsvc
RemoteAccess RemoteRegistry ReportServer RetailDemo RmSvc RpcEptMapper RPCHTTPLBS RpcLocator RpcSs RSoPProv sacsvr
SamSs SCardSvr ScDeviceEnum Schedule SCPolicySvc SDRSVC seclogon SecurityHealthService SEMgrSvc SENS Sense
SensorDataService SensorService SensrSvc SessionEnv SgrmBroker SharedAccess SharedRealitySvc ShellHWDetection shpamsvc
SmbHash SmbWitness smphost SmsRouter SMTPSVC SNMP SNMPTRAP SpatialGraphFilter Spooler sppsvc SQLAgent SQLBrowser
SQLSERVERAGENT SQLTELEMETRY SQLWriter SrmReports srmrpc SrmSvc SSDPSRV ssh-agent sshd SstpSvc StateRepository StiSvc
StorSvc svsvc swprv SysMain SystemEventsBroker TabletInputService TapiSrv TBS TermService TermServLicensing
TextInputManagementService Themes TieringEngineService TimeBrokerSvc TokenBroker TrkWks TroubleshootingSvc
TrustedInstaller TSGateway Tssdis tzautoupdate UALSVC UdkUserSvc UevAgentService uhssvc UI0Detect UmRdpService
UnistoreSvc upnphost UserDataSvc UserManager UsoSvc VacSvc VaultSvc vds VGAuthService vm3dservice vmcompute
vmicguestinterface vmicheartbeat vmickvpexchange vmicrdv vmicshutdown vmictimesync vmicvmsession vmicvss vmms VMTools
VMwareCAFCommAmqpListener VMwareCAFManagementAgentHost VSS W32Time W3LOGSVC W3SVC WaaSMedicSvc WalletService
WarpJITSvc WAS wbengine WbioSrvc Wcmsvc wcncsvc WdiServiceHost WdiSystemHost WdNisSvc WDSServer WebClient
webthreatdefsvc webthreatdefusersvc Wecsvc WEPHOSTSVC wercplsupport WerSvc WFDSConMgrSvc WiaRpc WIDWriter WinDefend
WinHttpAutoProxySvc Winmgmt WinRM WINS wisvc WlanSvc wlidsvc wlpasvc WManSvc wmiApSrv WMPNetworkSvc WMSVC
workfolderssvc WPCSvc WPDBusEnum WpnService WpnUserService wscsvc WSearch WSusCertServer WsusService wuauserv WwanSvc
XblAuthManager XblGameSave XboxGipSvc XboxNetApiSvc
`;
