// Names of DNS record types (IANA) and of statuses of the resolver (Coroot, winerror.h).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  REQUEST_PENDING,
  STATUS_NXDOMAIN,
  STATUS_OK,
  statusName,
  TYPE_A,
  TYPE_AAAA,
  TYPE_PTR,
  typeName,
} from '../../../src/model/owner/dns-codes.ts';

test('names types as Coroot does, and others by number', () => {
  // agent-behaviour.md 6.2
  const words = {
    1: 'A',
    2: 'NS',
    5: 'CNAME',
    6: 'SOA',
    12: 'PTR',
    15: 'MX',
    16: 'TXT',
    28: 'AAAA',
    33: 'SRV',
    255: 'ANY',
    64: '64',
    65: '65',
    0: '0',
  };
  for (const [type, word] of Object.entries(words)) assert.equal(typeName(Number(type)), `Type${word}`);
  assert.deepEqual([TYPE_A, TYPE_PTR, TYPE_AAAA], [1, 12, 28]);
});

test('names every status: the six of Coroot, and those that Coroot drops', () => {
  const words: Record<string, number[]> = {
    // agent-behaviour.md 6.2; DNS_ERROR_RECORD_DOES_NOT_EXIST, which a search of the cache alone gives too
    ok: [0, 9501, 9701],
    format_error: [9001],
    servfail: [9002],
    nxdomain: [9003],
    not_implemented: [9004],
    refused: [9005],
    // ERROR_TIMEOUT, WAIT_TIMEOUT, WSAETIMEDOUT
    timeout: [1460, 258, 10060],
    // DNS_ERROR_NO_DNS_SERVERS, DNS_ERROR_NO_TCPIP
    no_servers: [9852, 9851],
    // DNS_ERROR_BAD_PACKET, _NO_PACKET, _RCODE, _UNSECURE_PACKET
    bad_answer: [9502, 9503, 9504, 9505],
    // ERROR_INVALID_NAME, DNS_ERROR_INVALID_NAME, DNS_ERROR_INVALID_NAME_CHAR
    bad_name: [123, 9552, 9560],
    // ERROR_OPERATION_ABORTED, ERROR_CANCELLED
    cancelled: [995, 1223],
    // ERROR_INVALID_PARAMETER, DNS_ERROR_RCODE_NOTAUTH, WSAHOST_NOT_FOUND, unknown codes
    error: [87, 9009, 11001, 1, 4294967295],
  };
  for (const [word, codes] of Object.entries(words))
    for (const code of codes) assert.equal(statusName(code), word, `${code}`);
  assert.equal(statusName(undefined), 'error');
  assert.deepEqual([STATUS_OK, STATUS_NXDOMAIN, REQUEST_PENDING], ['ok', 'nxdomain', 9506]);
});
