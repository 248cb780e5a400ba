// The owner of a connection in TCP events: which headers are trusted, and that the payload wins over the header.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEADER_OWNER } from '../../../src/sources/etw/providers/tcp-owner.ts';
import { tcpip } from '../../../src/sources/etw/providers/tcpip.ts';
import {
  type BuiltEvent,
  connectByName,
  connectionResult,
  rundown,
  summary,
  tcbAndAddresses,
} from '../../helpers/etw-builder.ts';
import { decodeAll } from '../../helpers/etw-decode.ts';

const NO_PROCESS = 0xffff_ffff;
/** NetBlame of Microsoft trusts the header of these, of the events that a session requests here, and of no other. */
const TRUSTED = [1002, 1382];
const WITH_PROCESS = [1017, 1033, 1034, 1038, 1039, 1043, 1045, 1046, 1300];
const ids = Object.keys(tcpip.events).map(Number);

function build(id: number, payloadPid: number, headerPid: number): BuiltEvent {
  const head = { pid: headerPid };
  if (id === 1300) return rundown(0, { processId: payloadPid }, head);
  if (id === 1382) return connectByName({ name: 'shop.example.com' }, head);
  if (id === 1477) return summary(0, {}, head);
  if (WITH_PROCESS.includes(id)) return connectionResult(id, 0, { processId: payloadPid }, head);
  return tcbAndAddresses(id, {}, head);
}

function decodedPid(id: number, payloadPid: number, headerPid: number): number {
  const { tcp, dropped } = decodeAll([build(id, payloadPid, headerPid)]);
  assert.deepEqual(dropped, {});
  return tcp.pid[0]!;
}

test('the table says for every requested event whether its header names the owner', () => {
  assert.deepEqual(Object.keys(HEADER_OWNER).map(Number), ids);
});

test('takes the process of the header where a source trusts it, and nowhere else', () => {
  for (const id of ids) assert.equal(decodedPid(id, 0, 99), TRUSTED.includes(id) ? 99 : 0, String(id));
});

test('the process of the payload wins over that of the header', () => {
  for (const id of WITH_PROCESS) assert.equal(decodedPid(id, 4321, 99), 4321, String(id));
});

test('pids 0 and 0xffffffff name no process, in payload and header', () => {
  for (const id of ids) {
    assert.equal(decodedPid(id, NO_PROCESS, 0), 0, String(id));
    assert.equal(decodedPid(id, NO_PROCESS, NO_PROCESS), 0, String(id));
    assert.equal(decodedPid(id, NO_PROCESS, 99), TRUSTED.includes(id) ? 99 : 0, String(id));
  }
});
