// The table of all errors that users see: code, message, exit code and HTTP status.

interface ErrorEntry {
  /** Text shown to users; `{name}` is replaced by the parameter of that name. */
  readonly message: string;
  /** Exit code of a command that ends with this error. */
  readonly exit: number;
  /** HTTP status of an API answer with this error. */
  readonly http: number;
  /** What to do about it, for docs/errors.md and the second line on a console. */
  readonly hint: string;
}

export const ERRORS = {
  SETTING_INVALID: {
    message: '{setting}: {value} is not allowed: {allowed} (from {origin})',
    exit: 2,
    http: 400,
    hint: 'Correct the value at its origin; `coroot-agent config` shows each setting with its origin.',
  },
  SETTINGS_FILE_INVALID: {
    message: 'settings file {file} cannot be used: {reason}',
    exit: 2,
    http: 400,
    hint: 'The file is a JSON object of setting names and values; see docs/configuration.md.',
  },
  USAGE: { message: '{reason}', exit: 2, http: 400, hint: 'Run the command with --help.' },
  PORT_TAKEN: {
    message: '{address} is already in use by {owner}',
    exit: 3,
    http: 500,
    hint: 'Stop that process, or choose another address with --listen HOST:PORT.',
  },
  LISTEN_FAILED: {
    message: 'cannot listen on {address}: {reason}',
    exit: 3,
    http: 500,
    hint: 'Choose an address of this machine with --listen HOST:PORT.',
  },
  NOT_WINDOWS: {
    message: 'the live host can only be read on Windows, this is {platform}',
    exit: 4,
    http: 501,
    hint: 'Replay a recorded host: coroot-agent run --host tape:FILE.',
  },
  HOST_FAILED: {
    message: 'the host cannot be read: {reason}',
    exit: 4,
    http: 500,
    hint: 'The log has the details; `coroot-agent status` lists each source.',
  },
  TAPE_UNREADABLE: {
    message: 'tape {file} cannot be opened: {reason}',
    exit: 5,
    http: 400,
    hint: 'Check the path and the rights of the file.',
  },
  TAPE_FOREIGN: {
    message: '{file} is not a CorootAgent tape: {reason} at line {line}, byte {offset}',
    exit: 5,
    http: 400,
    hint: 'Record one with `coroot-agent record FILE`.',
  },
  TAPE_CORRUPT: {
    message: 'tape {file} is damaged: {reason} at line {line}, byte {offset}',
    exit: 5,
    http: 400,
    hint: 'All observations before that position were used; record the tape again if the rest is needed.',
  },
  TAPE_TRUNCATED: {
    message: 'tape {file} ends in the middle of an observation: line {line}, byte {offset}',
    exit: 5,
    http: 400,
    hint: 'The recording was cut off; all observations before that position were used.',
  },
  TAPE_SCHEMA: {
    message: 'tape {file} has schema {schema}, this agent reads up to {supported}',
    exit: 5,
    http: 400,
    hint: 'Replay it with the agent version that its header names, or a newer one.',
  },
  TAPE_NOT_WRITABLE: {
    message: 'tape {file} cannot be written: {reason}',
    exit: 5,
    http: 500,
    hint: 'Check the folder, its rights and the free space.',
  },
  DIAGNOSTICS_NOT_WRITABLE: {
    message: 'the diagnostics {file} cannot be written: {reason}',
    exit: 5,
    http: 500,
    hint: 'Check the folder, its rights and the free space, or name another file.',
  },
  AGENT_NOT_RUNNING: {
    message: 'no agent is listening on {address}',
    exit: 6,
    http: 503,
    hint: 'Start it with `coroot-agent run`, or name another address with --address HOST:PORT.',
  },
  AGENT_NOT_REACHABLE: {
    message: 'the agent at {address} cannot be reached: {reason}',
    exit: 7,
    http: 503,
    hint: 'Check the address, the network and any firewall in between.',
  },
  AGENT_ANSWER: {
    message: 'the agent at {address} sent an invalid answer: {reason}',
    exit: 7,
    http: 502,
    hint: 'Another program may be listening there, or the versions differ.',
  },
  NAME_UNKNOWN: {
    message: 'there is no {kind} {names}',
    exit: 13,
    http: 404,
    hint: 'Names may have wildcards (* and ?); a pattern that matches nothing is no error.',
  },
  AGENT_FOREIGN: {
    message: '{owner} answers on {address}, which is not the agent: {service}',
    exit: 15,
    http: 502,
    hint: 'Find out what listens there (netstat -abno), end it and restart the service, or name another address.',
  },
  NOT_READY: {
    message: 'the first collection pass has not finished yet',
    exit: 8,
    http: 503,
    hint: 'Try again in a few seconds.',
  },
  NOT_ELEVATED: {
    message: 'this needs the rights of an administrator: {reason}',
    exit: 9,
    http: 403,
    hint: 'Run the command in an elevated prompt (Start-Process powershell -Verb RunAs); --dry-run needs no rights.',
  },
  SERVICE_NO_WINDOWS: {
    message: 'services exist only on Windows, this is {platform}',
    exit: 10,
    http: 501,
    hint: 'Run the agent in the foreground: coroot-agent run.',
  },
  SERVICE_MISSING: {
    message: 'there is no service {service}',
    exit: 10,
    http: 404,
    hint: 'Install it with `coroot-agent service install`.',
  },
  SERVICE_FAILED: {
    message: '{action} failed: {reason}',
    exit: 10,
    http: 500,
    hint: 'The Event Log has the events of the service: Get-WinEvent -ProviderName CorootAgent -MaxEvents 5.',
  },
  OTHER_AGENT: {
    message: 'Coroot’s own agent is installed on this host: service {service}, {state}',
    exit: 11,
    http: 409,
    hint: 'Replace it (reversible) with `coroot-agent service install --replace-coroot-agent`, or remove it first.',
  },
  DATA_FOLDER_UNSAFE: {
    message: 'the data folder {folder} is not safe to use: {reason}. To repair it: {command}',
    exit: 12,
    http: 500,
    hint: 'Run that command in an elevated cmd; `coroot-agent service install` replaces any folder that is not a link.',
  },
  SETTINGS_FILE_UNSAFE: {
    message: 'the settings file {file} is not safe to use: {reason}',
    exit: 12,
    http: 500,
    hint: 'Only administrators may own and change it and the folders above it, as in %ProgramData%\\CorootAgent.',
  },
  PROGRAM_UNSAFE: {
    message: 'other accounts can change the program of the service and gain its rights: {reason}',
    exit: 14,
    http: 500,
    hint: 'Install it below Program Files; --allow-unsafe-program installs it nevertheless.',
  },
  DELIVERY_FAILED: {
    message: 'not every endpoint accepted the request: {destinations}',
    exit: 16,
    http: 502,
    hint: 'The lines above have the answers; docs/delivery.md says what each of them means.',
  },
  HOST_HEADER: {
    message: 'this Host header is not allowed: {host}',
    exit: 1,
    http: 403,
    hint: 'Call the agent by an address or a name of its machine, or add the name to the setting allowed-hosts.',
  },
  TOKEN_REQUIRED: {
    message: 'this route needs a token',
    exit: 1,
    http: 401,
    hint: 'The setting api-access of this agent is token. Set it to local to read from this machine without a token.',
  },
  REMOTE_READER: {
    message: 'the agent shows the names of its host only to programs on the same machine',
    exit: 1,
    http: 403,
    hint: 'Run the command on that machine, e.g. with Invoke-Command. /metrics and /health answer other machines.',
  },
  NOT_FOUND: { message: 'there is nothing at {path}', exit: 1, http: 404, hint: 'docs/api.md lists the routes.' },
  METHOD_NOT_ALLOWED: {
    message: '{path} does not accept {method}',
    exit: 1,
    http: 405,
    hint: 'All routes are read-only: use GET or HEAD.',
  },
  REQUEST_TIMEOUT: {
    message: 'the request did not arrive in time',
    exit: 1,
    http: 408,
    hint: 'Send the whole request at once.',
  },
  HEADERS_TOO_LARGE: {
    message: 'the request line and headers are too large',
    exit: 1,
    http: 431,
    hint: 'Select fewer names in one request.',
  },
  BUSY: {
    message: 'the agent has too many requests to answer',
    exit: 1,
    http: 503,
    hint: 'Try again in a second.',
  },
  BAD_REQUEST: { message: '{reason}', exit: 1, http: 400, hint: 'docs/api.md lists each route with its parameters.' },
  INTERNAL: {
    message: 'internal error: {reason}',
    exit: 1,
    http: 500,
    hint: 'This is a fault of the agent; the log has the details.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
