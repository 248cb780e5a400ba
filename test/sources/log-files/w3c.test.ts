// Requests of W3C logs, as IIS and HTTP.sys write them.
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { ReaderFixture } from '../../helpers/file-reader.ts';

function read(content: string) {
  const logs = new ReaderFixture({ targets: [{ fromStart: true }] });
  writeFileSync(logs.path('app.log'), content);
  const bodies = logs.read();
  const result = { bodies, records: logs.records(), dropped: logs.files()[0]!.dropped, messages: logs.messages() };
  logs[Symbol.dispose]();
  return result;
}

const header = (fields: string, date = '2026-01-31 00:00:00') =>
  `#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: ${date}\n#Fields: ${fields}\n`;
const FIELDS =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) ' +
  'sc-status sc-substatus sc-win32-status time-taken';

test('a request becomes a message with the attributes of the semantic conventions', () => {
  const line =
    '2026-01-31 10:20:30 10.1.2.3 GET /shop/item a=1&b=%20x 443 DOM\\anna 192.0.2.7 ' +
    'Mozilla/5.0+(X;+Y) https://a.example/ 404 7 2 15';
  const { records, bodies } = read(`${header(FIELDS)}${line}\r\n`);
  assert.deepEqual(bodies, [line]);
  const { atMs, level, attributes } = records[0]!;
  assert.equal(atMs, Date.UTC(2026, 0, 31, 10, 20, 30));
  assert.equal(level, 'info');
  assert.deepEqual(
    { ...attributes },
    {
      'pattern.hash': '',
      'network.local.address': '10.1.2.3',
      'http.request.method': 'GET',
      'url.path': '/shop/item',
      'url.query': 'a=1&b=%20x',
      'server.port': '443',
      'user.name': 'DOM\\anna',
      'client.address': '192.0.2.7',
      'user_agent.original': 'Mozilla/5.0 (X; Y)',
      'http.request.header.referer': 'https://a.example/',
      'http.response.status_code': '404',
      'iis.sc_substatus': '7',
      'iis.sc_win32_status': '2',
      'iis.time_taken': '15',
    },
  );
});

test('failures of the server are errors, with one pattern for all ids of a page', () => {
  const line = (path: string, status: number) =>
    `2026-01-31 10:20:30 10.1.2.3 GET ${path} - 443 - 192.0.2.7 - - ${status} 0 0 15\n`;
  const ids = ['/shop/item/17', '/shop/item/18', '/shop/item/6f9619ff-8b86-d011-b42d-00c04fc964ff'];
  const { messages, records } = read(
    header(FIELDS) + ids.map((path) => line(path, 503)).join('') + line('/account', 503) + line('/shop', 499),
  );
  assert.deepEqual(
    records.map(({ level }) => level),
    ['error', 'error', 'error', 'error', 'info'],
  );
  const counted = messages.flatMap((each) => each.counted).filter(({ level }) => level === 'error');
  assert.deepEqual(
    counted.map(({ count }) => count),
    [3, 1],
  );
});

test('values that are a hyphen have no attribute', () => {
  const { records } = read(`${header(FIELDS)}2026-01-31 10:20:30 - - - - - - - - - - - - -\n`);
  assert.deepEqual({ ...records[0]!.attributes }, { 'pattern.hash': '' });
});

test('methods that the conventions do not list keep their name in another attribute', () => {
  const { records } = read(`${header('time cs-method')}10:00:00 RPC_IN_DATA\n`);
  assert.equal(records[0]!.attributes['http.request.method'], '_OTHER');
  assert.equal(records[0]!.attributes['http.request.method_original'], 'RPC_IN_DATA');
});

test('fields may change within a file', () => {
  const { records } = read(
    `${header('date time cs-method sc-status')}2026-01-31 10:00:00 GET 200\n#Fields: sc-status date time\n500 2026-01-31 10:00:01\n`,
  );
  assert.deepEqual(
    records.map(({ atMs, level }) => [atMs, level]),
    [
      [Date.UTC(2026, 0, 31, 10), 'info'],
      [Date.UTC(2026, 0, 31, 10, 0, 1), 'error'],
    ],
  );
});

test('without a date column the day is that of the directive, and the next one after midnight', () => {
  const { records } = read(
    `${header('time sc-status', '2026-01-31 23:59:58')}23:59:59 200\n00:00:01 200\n00:00:00 200\n#Date: 2026-02-03 01:00:00\n01:00:01 200\n`,
  );
  assert.deepEqual(
    records.map(({ atMs }) => new Date(atMs).toISOString().slice(0, 19)),
    ['2026-01-31T23:59:59', '2026-02-01T00:00:01', '2026-02-01T00:00:00', '2026-02-03T01:00:01'],
  );
});

test('a user name may begin with a space and contain spaces', () => {
  for (const [written, user] of [
    [' dom\\anna', 'dom\\anna'],
    ['anna maria b', 'anna maria b'],
    ['anna@dom', 'anna@dom'],
  ]) {
    const line = `2026-01-31 10:20:30 ::1 GET / - 443 ${written} ::1 - - 200 0 0 15\n`;
    const { records, dropped } = read(header(FIELDS) + line);
    assert.equal(records[0]!.attributes['user.name'], user);
    assert.equal(records[0]!.attributes['http.response.status_code'], '200');
    assert.deepEqual(dropped, {});
  }
});

test('lines that do not fit the fields are counted and kept as text', () => {
  const bad = [
    'too few',
    '2026-01-31 10:20:30 ::1 GET / - 443 - ::1 - - abc 0 0 15',
    'x y z GET / - 443 - ::1 - - 200 0 0 15',
  ];
  const { bodies, dropped } = read(`${header(FIELDS)}${bad.join('\n')}\n`);
  assert.deepEqual(bodies, bad);
  assert.deepEqual(dropped, { unparsed_w3c_line: 3 });
});

test('comments of another text file are lines of it', () => {
  const text = ['#Date: 2026-01-31', '#Version: 7', 'started', '#Fields: none'];
  assert.deepEqual(read(`${text.slice(0, 3).join('\n')}\n`).bodies, text.slice(0, 3));
});

test('requests that HTTP.sys refused are warnings, and errors with 5xx', () => {
  const fields =
    'date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename';
  const line = (status: string, reason: string) =>
    `2026-01-31 10:00:00 192.0.2.1 5000 192.0.2.2 80 HTTP/1.1 GET /a?b=1 ${status} 1 ${reason} Pool\n`;
  const { records } = read(
    header(fields) + line('503', 'QueueFull') + line('400', 'Hostname') + line('-', 'Timer_ConnectionIdle'),
  );
  assert.deepEqual(
    records.map(({ level, attributes }) => [level, attributes['error.type'], attributes['url.path']]),
    [
      ['error', 'QueueFull', '/a'],
      ['warning', 'Hostname', '/a'],
      ['info', 'Timer_ConnectionIdle', '/a'],
    ],
  );
  assert.equal(records[0]!.attributes['url.query'], 'b=1');
  assert.equal(records[0]!.attributes['network.protocol.version'], '1.1');
});

test('knows the fields when reading begins within a file, at first and after a restart', () => {
  using logs = new ReaderFixture();
  writeFileSync(logs.path('app.log'), `${header('date time sc-status')}2026-01-31 10:00:00 200\n`);
  assert.deepEqual(logs.read(), []);
  for (const restart of [false, true]) {
    if (restart) logs.restart();
    appendFileSync(logs.path('app.log'), '2026-01-31 10:00:00 502\n');
    logs.read();
    const record = logs.records().at(-1)!;
    assert.equal(record.attributes['http.response.status_code'], '502');
    assert.equal(record.level, 'error');
  }
});

test('a cookie is no attribute, because it may be the key of a session', () => {
  const { records } = read(`${header('date time cs(Cookie) cs(Host)')}2026-01-31 10:00:00 id=secret a.example\n`);
  assert.deepEqual({ ...records[0]!.attributes }, { 'pattern.hash': '', 'http.request.header.host': 'a.example' });
});

const folder = ['../shared/samples/iis-w3c', '../../shared/samples/iis-w3c'].find((path) => existsSync(path));

/** Requests, and lines that are none, counted by hand. */
const samples: Readonly<Record<string, readonly [requests: number, text: number]>> = {
  'iis6.log': [12, 0],
  'iis7_owa.log': [3, 0],
  'iis7_sqli.log': [2, 0],
  'iis10.log': [1, 0],
  'iis10_cookies.log': [3, 0],
  'iis10_edge_cases.log': [15, 0],
  'iis_without_date.log': [11, 0],
  'filebeat-azure.log': [1, 0],
  'filebeat-httperr.log': [4, 0],
  'filebeat-iis75-ipv6.log': [2, 0],
  'filebeat-xff-no-header.log': [0, 2],
};

// Where the published logs are at hand.
if (folder) {
  test('reads every line of the published logs', () => {
    for (const [name, [requests, text]] of Object.entries(samples)) {
      const content = readFileSync(`${folder}/${name}`, 'utf8');
      const { records, dropped } = read(content.endsWith('\n') ? content : `${content}\n`);
      const parsed = records.filter(({ attributes }) => Object.keys(attributes).length > 1);
      assert.deepEqual([parsed.length, records.length - parsed.length, dropped], [requests, text, {}], name);
    }
  });

  test('reads odd users and the day of the published logs', () => {
    const edges = read(readFileSync(`${folder}/iis10_edge_cases.log`, 'utf8')).records;
    assert.equal(edges[0]!.attributes['user.name'], 'random\\ranuser1');
    assert.equal(edges[0]!.attributes['server.port'], '444');
    assert.equal(edges[1]!.level, 'error');
    assert.equal(edges[6]!.attributes['user.name'], 'RanDomain\\EX04$');
    const undated = read(`${readFileSync(`${folder}/iis_without_date.log`, 'utf8')}\n`).records;
    assert.equal(undated[0]!.atMs, Date.UTC(2013, 6, 30));
    assert.equal(undated.at(-1)!.atMs, Date.UTC(2013, 6, 30, 0, 0, 13));
  });
}
