// Bindings of IIS: single elements, and a whole configuration as IIS writes it.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  parseBinding,
  parseBindings,
  parseRedirection,
  readBindings,
} from '../../../../src/sources/poll/http-sys/iis-bindings.ts';

/** https://learn.microsoft.com/iis/configuration/system.applicationhost/sites/site/bindings/ */
const config = `<?xml version="1.0" encoding="UTF-8"?>
<!-- <binding protocol="http" bindingInformation="*:9999:" /> -->
<configuration>
  <configSections><sectionGroup name="system.applicationHost"><section name="sites" /></sectionGroup></configSections>
  <system.applicationHost>
    <applicationPools><add name="DefaultAppPool" /></applicationPools>
    <sites>
      <site name="Default Web Site" id="1">
        <application path="/"><virtualDirectory path="/" physicalPath="%SystemDrive%\\inetpub\\wwwroot" /></application>
        <bindings>
          <binding protocol="http" bindingInformation="*:80:" />
          <binding protocol='https' bindingInformation='10.0.0.5:443:shop.example.com' sslFlags="1" />
          <binding protocol="net.tcp" bindingInformation="808:*" />
        </bindings>
      </site>
      <site name="R&amp;D &lt;new&gt;" id="2" serverAutoStart="false">
        <bindings><binding bindingInformation="[fd00::5]:8080:r&#38;d" protocol="HTTP"></binding></bindings>
      </site>
      <siteDefaults><bindings><binding protocol="http" bindingInformation="*:81:" /></bindings></siteDefaults>
    </sites>
  </system.applicationHost>
  <system.webServer><sites><site><bindings>
    <binding protocol="http" bindingInformation="*:82:" />
  </bindings></site></sites></system.webServer>
</configuration>`;

const expected = [
  { scheme: 'http', port: 80, path: '/' },
  { scheme: 'https', port: 443, ip: '10.0.0.5', host: 'shop.example.com', path: '/' },
  { scheme: 'http', port: 8080, ip: 'fd00::5', host: 'r&d', path: '/' },
];

test('reads the web bindings of sites, whatever else the file contains', () => {
  assert.deepEqual(parseBindings(config), { bindings: expected, cut: false });
});

test('omits invalid bindings', () => {
  for (const text of ['010.0.0.5:80:', '10.0.0.5 :80:', 'localhost:80:', '[]:80:', '[fd00::g]:80:'])
    assert.equal(parseBinding('http', text), undefined, text);
  for (const text of ['', '*:80', '*::', '*:0:', '*:65536:', '*:80:a:b', ':80', 'x'])
    assert.equal(parseBinding('http', text), undefined, text);
  assert.equal(parseBinding('ftp', '*:21:'), undefined);
  assert.deepEqual(parseBinding('http', ':80:'), { scheme: 'http', port: 80, path: '/' });
});

test('throws when the text is not XML', () => {
  assert.throws(() => parseBindings(config.slice(0, -20)), /it is not XML/);
  assert.throws(() => parseBindings('no'), /it is not XML/);
});

test('does not expand entities of the document', () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(100)}"><!ENTITY c "&a;&a;&a;">]><configuration a="&c;" />`;
  assert.throws(() => parseBindings(bomb), /it is not XML/);
});

test('truncates too many bindings, and reports it', () => {
  const one = '<binding protocol="http" bindingInformation="*:80:" />';
  const site = `<site><bindings>${one.repeat(20_001)}</bindings></site>`;
  const many = `<configuration><system.applicationHost><sites>${site}</sites></system.applicationHost></configuration>`;
  const { bindings, cut } = parseBindings(many);
  assert.deepEqual([bindings.length, cut], [20_000, true]);
});

test('returns the folder of a shared configuration unless sharing is disabled', () => {
  const redirection = (enabled: string) =>
    `<configuration><configurationRedirection enabled="${enabled}" path="\\\\files\\iis" userName="x" /></configuration>`;
  assert.equal(parseRedirection(redirection('true')), '\\\\files\\iis');
  assert.equal(parseRedirection(redirection('false')), undefined);
  assert.equal(parseRedirection('<configuration><configurationRedirection /></configuration>'), undefined);
});

test('reads a missing, a marked (BOM), an unreadable and a shared file', (t) => {
  const folder = mkdtempSync('/tmp/coroot-agent-iis-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  assert.deepEqual(readBindings(join(folder, 'missing')), { bindings: [] });
  const file = join(folder, 'applicationHost.config');
  writeFileSync(file, `\uFEFF${config}`);
  assert.deepEqual(readBindings(folder).bindings, expected);
  if (process.getuid?.() !== 0) {
    chmodSync(file, 0);
    assert.throws(() => readBindings(folder), { code: 5 });
  }
  writeFileSync(
    join(folder, 'redirection.config'),
    '<configuration><configurationRedirection enabled="true" path="C:\\iis" /></configuration>',
  );
  assert.deepEqual(readBindings(folder), { bindings: [], missing: 'the configuration of IIS is shared, in C:\\iis' });
  rmSync(join(folder, 'redirection.config'));
  rmSync(file);
  mkdirSync(file);
  assert.throws(() => readBindings(folder), { message: 'it is a folder, not a regular file' });
});

test('writes the address of a binding in its canonical form', () => {
  const addressOf = (information: string) => parseBinding('http', information)?.ip;
  for (const text of ['[FD00::5]', '[fd00:0:0:0:0:0:0:5]', '[fd00::0005]', '[fd00::5%4]'])
    assert.equal(addressOf(`${text}:80:`), 'fd00::5', text);
  assert.equal(addressOf('[::ffff:10.0.0.5]:80:'), '10.0.0.5');
});
