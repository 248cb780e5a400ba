// Maps image names of processes to the application types of Coroot.

/**
 * Name endings and their types, in Coroot's order: the first match decides. An ending matches whole words only:
 * `my-postgres` matches `postgres`, `mypostgres` does not.
 */
const endings: readonly (readonly [ending: string, type: string])[] = [
  ['coroot', 'coroot-community-edition'],
  ['coroot-ee', 'coroot-enterprise-edition'],
  ['coroot-node-agent', 'coroot-node-agent'],
  ['coroot-cluster-agent', 'coroot-cluster-agent'],
  ['coroot-operator', 'coroot-operator'],
  ['memcached', 'memcached'],
  ['envoy', 'envoy'],
  ['mongod', 'mongodb'],
  ['mongos', 'mongos'],
  ['mysqld', 'mysql'],
  ['mariadbd', 'mysql'],
  ['sqlservr', 'mssql'],
  ['redis-server', 'redis'],
  ['redis-sentinel', 'redis-sentinel'],
  ['keydb-server', 'keydb'],
  ['valkey-server', 'valkey'],
  ['dragonfly', 'dragonfly'],
  ['pgbouncer', 'pgbouncer'],
  ['postgres', 'postgres'],
  ['haproxy', 'haproxy'],
  ['nginx', 'nginx'],
  ['w3wp', 'dotnet'],
  ['kubelet', 'kubelet'],
  ['kube-apiserver', 'kube-apiserver'],
  ['kube-controller-manager', 'kube-controller-manager'],
  ['kube-scheduler', 'kube-scheduler'],
  ['k3s', 'k3s'],
  ['etcd', 'etcd'],
  ['dockerd', 'dockerd'],
  ['consul', 'consul'],
  ['clickhouse-server', 'clickhouse'],
  ['traefik', 'traefik'],
  ['asd', 'aerospike'],
  ['httpd', 'httpd'],
  ['apache', 'httpd'],
  ['influxd', 'influxdb'],
  ['vault', 'vault'],
  ['proxysql', 'proxysql'],
  ['cockroach', 'cockroach'],
  ['prometheus', 'prometheus'],
  ['ceph-mon', 'ceph'],
  ['ceph-mgr', 'ceph'],
  ['ceph-osd', 'ceph'],
  ['cephcsi', 'ceph'],
  ['rook', 'rook'],
  ['nats-server', 'nats'],
  ['java', 'java'],
  ['javaw', 'java'],
  ['ollama', 'ollama'],
  ['fdbserver', 'foundationdb'],
  // Not in Coroot's list, which has this type for w3wp only.
  ['dotnet', 'dotnet'],
];

/** Parts that match anywhere in the name. */
const parts: readonly (readonly [part: string, type: string])[] = [
  ['victoria-metrics', 'victoria-metrics'],
  ['vmstorage', 'victoria-metrics'],
  ['vminsert', 'victoria-metrics'],
  ['vmselect', 'victoria-metrics'],
  ['victoria-logs', 'victoria-logs'],
];

/** Interpreters, followed by an optional version: `python3.12`, `php-cgi8`. */
const interpreters: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/(?:^|[^a-z0-9])php(?:-fpm|-cgi)?\d*(?:\.\d+)?$/, 'php'],
  [/(?:^|[^a-z0-9])python\d*(?:\.\d+)?$/, 'python'],
  [/(?:^|[^a-z0-9])node(?:js)?\d*(?:\.\d+)?$/, 'nodejs'],
  [/(?:^|[^a-z0-9])ruby\d*(?:\.\d+)?$/, 'ruby'],
];

const cache = new Map<string, string | undefined>();
/** Any program can choose its name, so the cache is bounded. */
const MAX_CACHED = 10_000;

/** Type by the image name, e.g. `mysql` for `mysqld.exe`; undefined when Coroot has none for it. */
export function applicationType(imageName: string): string | undefined {
  if (!cache.has(imageName)) {
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(imageName, typeOf(imageName));
  }
  return cache.get(imageName);
}

function typeOf(imageName: string): string | undefined {
  const name = imageName
    .toLowerCase()
    .replace(/\.exe$/, '')
    .split(' ', 1)[0]!
    .replace(/:$/, '');
  const byEnding = endings.find(
    ([ending]) => name.endsWith(ending) && !/[a-z0-9]/.test(name.at(-ending.length - 1) ?? ''),
  );
  if (byEnding) return byEnding[1];
  return parts.find(([part]) => name.includes(part))?.[1] ?? interpreters.find(([pattern]) => pattern.test(name))?.[1];
}
