// The table of errors: messages with parameters, ranges of exit codes and HTTP statuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS, type ErrorCode } from '../../src/base/error-table.ts';
import { AgentError, reasonOf } from '../../src/base/errors.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];

test('inserts each parameter once and does not interpret its text', () => {
  const error = new AgentError('PORT_TAKEN', { address: '127.0.0.1:$&{owner}', owner: 'process 4 (System)' });
  assert.equal(error.message, '127.0.0.1:$&{owner} is already in use by process 4 (System)');
  assert.equal(
    new AgentError('TAPE_SCHEMA', { file: 'a', schema: 9, supported: 0 }).message,
    'tape a has schema 9, this agent reads up to 0',
  );
});

test('keeps the placeholder of a missing parameter', () => {
  assert.equal(new AgentError('NOT_FOUND').message, 'there is nothing at {path}');
});

test('takes exit code, HTTP status and hint from the table', () => {
  const error = new AgentError('NOT_READY', {}, { cause: 'x' });
  assert.deepEqual(
    { code: error.code, exit: error.exitCode, http: error.httpStatus, cause: error.cause, name: error.name },
    { code: 'NOT_READY', exit: 8, http: 503, cause: 'x', name: 'AgentError' },
  );
  assert.equal(error.hint, ERRORS.NOT_READY.hint);
});

test('each error has a non-zero exit code, an HTTP error status and a hint', () => {
  for (const code of codes) {
    const { exit, http, hint, message } = ERRORS[code];
    assert.ok(exit >= 1 && exit <= 125, `${code}: exit ${exit}`);
    assert.ok(http >= 400 && http <= 599, `${code}: status ${http}`);
    assert.ok(hint.endsWith('.') && message.length > 0, code);
  }
});

test('reasonOf returns a text for any thrown value', () => {
  assert.equal(reasonOf(new TypeError('bad')), 'bad');
  assert.equal(reasonOf('plain'), 'plain');
  assert.equal(reasonOf(undefined), 'undefined');
});
