// File names, without extension, of programs that come with Windows and of widely used server software (own list).

export const PROGRAMS = `
7z 7zg activemq advapi32 agent aggregatorhost alertmanager alg apache applicationframehost appvclient asd aspnet_state
audiodg backgroundtaskhost caddy calico-node cassandra ceph-mgr ceph-mon ceph-osd cephcsi certsrv chrome citrix
clickhouse clickhouse-server clr clussvc cmd cockroach code compattelrunner conhost consent consul containerd
containerd-shim-runhcs-v1 coroot coroot-agent coroot-cluster-agent coroot-ee coroot-node-agent coroot-operator couchdb
csrss ctfmon curl cygrunsrv dashost datadog db2sysc db2syscs demo-service devenv dfsrs dfssvc dism dismhost dllhost
dns docker dockerd dotnet dragonfly dwm dxgiadaptercache dynatrace elasticsearch envoy epmd erl erlsrv etcd explorer
fdbserver fdhost fdlauncher filebeat filezilla firefox flanneld fluent-bit fluentd fontdrvhost fsutil gdi32 git
gitlab-runner go gpupdate grafana grafana-server hal haproxy help httpapi httpd icacls iisexpress ikernel inetinfo
influxd iphlpapi ismserv java javaw javaws jenkins jetty jusched k3s kafka kernel32 keydb-server kibana kube-apiserver
kube-controller-manager kube-proxy kube-scheduler kubelet launchpad logonui logstash loki lpremove lsaiso lsass lsm
mariadb mariadbd memcached memurai metricbeat minio mmc mongo mongod mongos mousocoreworker mpcmdrun msbuild mscoree
mscorsvw msdtc msdtssrvr msedge msedgewebview2 msiexec msmdsrv msmpeng mssense musnotification mysql mysqld
nats-server neo4j net net1 netapi32 netsh newrelic ngen ngentask nginx nissrv node nodejs nomad notepad notepad++ npm
nscp nssm ntdll ntoskrnl ollama opensearch openvpn openwith oracle osqueryd osqueryi otelcol packetbeat perfmon perl
pg_ctl pgbouncer php php-cgi php-fpm plink plugplay postgres postgresql powershell powershell_ise
presentationfontcache print procrun prometheus promtail proxysql prunsrv psql putty pwsh py python python3 pythonw
qemu-ga rabbitmq rdpclip redis redis-sentinel redis-server reg regedit registry regsvr32 reportingservicesservice rke2
robocopy rook rpcss rsmanagement rsportal ruby rundll32 runtimebroker sc schtasks searchapp searchfilterhost
searchhost searchindexer searchprotocolhost secure securityhealthservice securityhealthsystray services sethc
settingsynchost sftp-server sgrmbroker shellexperiencehost sihost slsvc smartscreen smss snmp solr splunkd splwow64
spoolsv sppextcomobj sppsvc sqlagent sqlbrowser sqlceip sqlcmd sqldumper sqlservr sqlwriter srvany ssh ssh-agent sshd
start startmenuexperiencehost stunnel svchost system systemsettings taskeng taskhost taskhostw taskkill tasklist
taskmgr tdh teamcity telegraf termsv textinputhost thunderbird tiworker tnslsnr tomcat tomcat10 tomcat8 tomcat9
traefik trustedinstaller unsecapp upfc user32 userinit useroobebroker usocoreworker valkey-server vault vboxservice
vboxtray vds vector veeam vgauthservice victoria-logs victoria-metrics vm3dservice vmacthlp vmcompute vminsert vmmem
vmms vmnat vmselect vmstorage vmtoolsd vmware-authd vmwp vssvc w32tm w3wp waasmedicagent wbengine werfault wevtutil
wget wildfly windows_exporter wineboot winedevice wineserver wininit winlogbeat winlogon winmgmt winrshost winscp
winsw wireguard wlanext wmiadap wmiapsrv wmic wmiprvse wrapper ws2_32 wsl wslhost wsmprovhost wsqmcons wuauclt
wudfhost wusa xcopy xenguestagent xenservice zabbix_agent2 zabbix_agentd zookeeper
`;
