// Events of SQL Server, the only product with a provider for each of its services, of the same name.
import { type SubjectReader, subjectFrom } from './event-facts.ts';

const serviceNames = /^(?:mssqlserver|sqlserveragent|(?:mssql|sqlagent)\$.+)$/i;

export const isSqlServer = (provider: string): boolean => serviceNames.test(provider);

export const sqlServer: SubjectReader = {
  isProvider: isSqlServer,
  read: ({ provider }) => subjectFrom({ service: provider }),
};
