// Numbers of the types of TCP events, as columns hold them.

/** What happened to a connection; the ids are those of Microsoft-Windows-TCPIP. */
export const TCP_EVENT = {
  /** 1002: a program asked for a connection. */
  requested: 1,
  /** 1033: an outbound connection stands. */
  connected: 2,
  /** 1034: it did not come about; the status tells why. */
  failed: 3,
  /** 1017: an inbound connection stands. */
  accepted: 4,
  /** 1300: a connection that was there before the session. */
  rundown: 5,
  /** 1477: what a connection carried, when it ends. */
  summary: 6,
  /** 1186 and 1187: a segment was sent again. */
  retransmitted: 7,
  /** 1382: the name that a program connected by. */
  named: 8,
  /** 1183 and 1184: the other side reset it. */
  reset: 9,
  /** 1038, 1039, 1043, 1045, 1046: it ends; the control block's address may serve another one from now on. */
  closed: 10,
} as const;
