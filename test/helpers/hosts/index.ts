// The hosts with goldens.
import { containerHost } from './container-host.ts';
import { gpuServer } from './gpu-server.ts';
import { hostile } from './hostile.ts';
import { iisAndSql } from './iis-and-sql.ts';
import { largeMachine } from './large-machine.ts';
import { lockedDown } from './locked-down.ts';
import { plainServer } from './plain-server.ts';
import type { Scenario } from './scenario.ts';

export const hosts: readonly Scenario[] = [
  plainServer,
  iisAndSql,
  containerHost,
  gpuServer,
  largeMachine,
  lockedDown,
  hostile,
];
