// The key name of the agent's service, which is also the source of its events in the Event Log.

export const SERVICE_NAME = 'CorootAgent';
