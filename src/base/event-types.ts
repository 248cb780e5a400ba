// Type numbers of TCP events in columns.

/** What happened to a connection; the ids are those of Microsoft-Windows-TCPIP. */
export const TCP_EVENT = {
  /** 1002: a program asked for a connection. */
  requested: 1,
  /** 1033: an outbound connection is established. */
  connected: 2,
  /** 1034: a connect failed; the status is the reason. */
  failed: 3,
  /** 1017: an inbound connection is established. */
  accepted: 4,
  /** 1300: a connection that existed before the session started. */
  rundown: 5,
  /** 1477: totals of a connection, when it closes. */
  summary: 6,
  /** 1186 and 1187: a segment was retransmitted. */
  retransmitted: 7,
  /** 1382: the host name that a program connected to. */
  named: 8,
  /** 1183 and 1184: the peer reset the connection. */
  reset: 9,
  /** 1038, 1039, 1043, 1045, 1046: the connection closes; its TCB address may be reused from now on. */
  closed: 10,
} as const;
