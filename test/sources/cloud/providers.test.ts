// The metadata service of each provider: a server on loopback that answers as documented, and wrong answers.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Provider } from '../../../src/sources/cloud/detect.ts';
import { type InstanceFacts, MetadataReading } from '../../../src/sources/cloud/instance-reader.ts';
import { HttpMetadataClient } from '../../../src/sources/cloud/metadata-client.ts';
import { metadataServices } from '../../../src/sources/cloud/providers/index.ts';

type Headers = Readonly<Record<string, string>>;
type Answer = string | { readonly status: number } | ((request: IncomingMessage, response: ServerResponse) => void);
/** Answers by method and path; a request without the headers of `required` gets 401. */
interface Service {
  readonly answers: Readonly<Record<string, Answer>>;
  readonly required?: (path: string) => Headers;
}

async function serve(context: TestContext, { answers, required }: Service): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[`${request.method} ${request.url}`];
    const missing = Object.entries(required?.(request.url!) ?? {}).some(
      ([name, value]) => request.headers[name.toLowerCase()] !== value,
    );
    if (missing) response.writeHead(401).end();
    else if (answer === undefined) response.writeHead(404).end('not found');
    else if (typeof answer === 'function') answer(request, response);
    else if (typeof answer === 'string') response.end(answer);
    else response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function read(
  provider: Provider,
  base: string,
  timeoutMs = 5000,
): Promise<{ facts: InstanceFacts; failures: string[] }> {
  const service = new MetadataReading(new HttpMetadataClient(new AbortController().signal, timeoutMs));
  const facts = await metadataServices[provider].read(service, base);
  return { facts, failures: service.failures };
}

const META = '/latest/meta-data';
const aws: Service = {
  answers: {
    'PUT /latest/api/token': 'dG9rZW4=',
    [`GET ${META}/instance-id`]: 'i-0a33f80f09c96477f',
    [`GET ${META}/instance-type`]: 't2.small',
    [`GET ${META}/instance-life-cycle`]: 'spot',
    [`GET ${META}/placement/region`]: 'us-east-2',
    [`GET ${META}/placement/availability-zone`]: 'us-east-2b',
    [`GET ${META}/placement/availability-zone-id`]: 'use2-az2',
    [`GET ${META}/local-ipv4`]: '172.3.3.15',
    [`GET ${META}/identity-credentials/ec2/info`]:
      '{"Code":"Success","LastUpdated":"2021-04-01T00:00:00Z","AccountId":"123456789012"}',
  },
  required: (path): Headers =>
    path.endsWith('token')
      ? { 'X-aws-ec2-metadata-token-ttl-seconds': '21600' }
      : { 'X-aws-ec2-metadata-token': 'dG9rZW4=' },
};

const GCE = '/computeMetadata/v1';
const AZURE = '/metadata/instance?api-version=2021-05-01&format=json';
const AZURE_ANSWER = JSON.stringify({
  Compute: {
    location: 'eastus2',
    subscriptionId: '12aad61c-6de4-4e53-a6c6-5aff52a83777',
    vmId: 'ff702a6b-cb6a-4fcd-ad68-b4ce38227642',
    vmSize: 'Standard_DS1_v2',
    zone: '',
  },
  network: {
    interface: [{ ipv4: { ipAddress: [{ privateIpAddress: '10.0.0.4', publicIpAddress: '104.46.124.81' }] } }],
  },
});
const IBM = '?version=2025-04-22';

const services: Readonly<Record<Provider, { service: Service; facts: InstanceFacts }>> = {
  AWS: {
    service: aws,
    facts: {
      accountId: '123456789012',
      instanceId: 'i-0a33f80f09c96477f',
      instanceType: 't2.small',
      instanceLifeCycle: 'spot',
      region: 'us-east-2',
      availabilityZone: 'us-east-2b',
      availabilityZoneId: 'use2-az2',
      localIpv4: '172.3.3.15',
    },
  },
  GCP: {
    service: {
      answers: {
        [`GET ${GCE}/project/project-id`]: 'my-project',
        [`GET ${GCE}/instance/id`]: '2206944706428651580',
        [`GET ${GCE}/instance/machine-type`]: 'projects/728618928092/machineTypes/n1-standard-2',
        [`GET ${GCE}/instance/zone`]: 'projects/728618928092/zones/europe-west3-c',
        [`GET ${GCE}/instance/scheduling/preemptible`]: 'FALSE',
        [`GET ${GCE}/instance/network-interfaces/0/ip`]: '10.156.0.2',
        [`GET ${GCE}/instance/network-interfaces/0/access-configs/0/external-ip`]: '\n',
      },
      required: (): Headers => ({ 'Metadata-Flavor': 'Google' }),
    },
    facts: {
      accountId: 'my-project',
      instanceId: '2206944706428651580',
      instanceType: 'n1-standard-2',
      instanceLifeCycle: 'on-demand',
      region: 'europe-west3',
      availabilityZone: 'europe-west3-c',
      localIpv4: '10.156.0.2',
    },
  },
  Azure: {
    service: { answers: { [`GET ${AZURE}`]: AZURE_ANSWER }, required: (): Headers => ({ Metadata: 'True' }) },
    facts: {
      accountId: '12aad61c-6de4-4e53-a6c6-5aff52a83777',
      instanceId: 'ff702a6b-cb6a-4fcd-ad68-b4ce38227642',
      instanceType: 'Standard_DS1_v2',
      region: 'eastus2',
      localIpv4: '10.0.0.4',
      publicIpv4: '104.46.124.81',
    },
  },
  Hetzner: {
    service: {
      answers: {
        'GET /hetzner/v1/metadata': [
          '',
          'hostname: cloudinit-test',
          'instance-id: 123456',
          "local-ipv4: ''",
          'network-config:',
          '  config:',
          '  - mac_address: 96:00:00:08:19:da',
          '    region: not-this-one',
          "network-sysconfig: \"DEVICE='eth0'\\nTYPE=Ethernet\\n\\",
          "  ONBOOT='yes'\\n\"",
          'region: eu-central',
          'availability-zone: hel1-dc2  # a comment',
          'public-ipv4: 192.0.2.2',
          'public-keys:',
          '- ssh-ed25519 AAAA',
          'vendor_data: "test"',
          '',
        ].join('\n'),
      },
    },
    facts: { instanceId: '123456', region: 'eu-central', availabilityZone: 'hel1-dc2', publicIpv4: '192.0.2.2' },
  },
  DigitalOcean: {
    service: { answers: { 'GET /metadata/v1/id': '22532410', 'GET /metadata/v1/region': 'nyc3' } },
    facts: { instanceId: '22532410', region: 'nyc3', availabilityZone: 'nyc3' },
  },
  Alibaba: {
    service: {
      answers: {
        'PUT /latest/api/token': 'abc',
        [`GET ${META}/instance-id`]: 'i-bp15ojxppkmsnyjxxxxx',
        [`GET ${META}/region-id`]: 'cn-hangzhou',
        [`GET ${META}/zone-id`]: 'cn-hangzhou-j',
        [`GET ${META}/owner-account-id`]: '1234567890123456',
        [`GET ${META}/instance/instance-type`]: 'ecs.g8i.large',
        [`GET ${META}/private-ipv4`]: '172.16.111.222',
        [`GET ${META}/eipv4`]: '121.66.77.88',
      },
      required: (path): Headers =>
        path.endsWith('token')
          ? { 'X-aliyun-ecs-metadata-token-ttl-seconds': '21600' }
          : { 'X-aliyun-ecs-metadata-token': 'abc' },
    },
    facts: {
      accountId: '1234567890123456',
      instanceId: 'i-bp15ojxppkmsnyjxxxxx',
      instanceType: 'ecs.g8i.large',
      region: 'cn-hangzhou',
      availabilityZone: 'cn-hangzhou-j',
      localIpv4: '172.16.111.222',
      publicIpv4: '121.66.77.88',
    },
  },
  Scaleway: {
    service: {
      answers: { 'GET /conf': 'ID=5cf1-7b\nTAGS=1\nTAGS_0=a=b\nCOMMERCIAL_TYPE=GP1-XS\nZONE=fr-par-1\r\n' },
    },
    facts: { instanceId: '5cf1-7b', instanceType: 'GP1-XS', region: 'fr-par', availabilityZone: 'fr-par-1' },
  },
  IBM: {
    service: {
      answers: {
        [`PUT /instance_identity/v1/token${IBM}`]: '{"access_token":"eyJx","expires_in":300}',
        [`GET /metadata/v1/instance${IBM}`]:
          '{"id":"0717_x","name":"web","profile":{"name":"cx2-2x4"},"zone":{"name":"us-south-1"}}',
      },
      required: (path): Headers =>
        path.startsWith('/instance_identity') ? { 'Metadata-Flavor': 'ibm' } : { Authorization: 'Bearer eyJx' },
    },
    facts: { instanceId: '0717_x', instanceType: 'cx2-2x4', region: 'us-south', availabilityZone: 'us-south-1' },
  },
  Oracle: {
    service: {
      answers: {
        'GET /opc/v2/instance/':
          '{"availabilityDomain":"qIZq:PHX-AD-1","id":"ocid1.instance.oc1.phx.x","region":"phx",' +
          '"canonicalRegionName":"us-phoenix-1","shape":"VM.Standard2.1","timeCreated":1584727285318}',
      },
      required: (): Headers => ({ Authorization: 'Bearer Oracle' }),
    },
    facts: {
      instanceId: 'ocid1.instance.oc1.phx.x',
      instanceType: 'VM.Standard2.1',
      region: 'us-phoenix-1',
      availabilityZone: 'us-phoenix-1-ad-1',
    },
  },
};

for (const [provider, { service, facts }] of Object.entries(services) as [Provider, (typeof services)['AWS']][]) {
  test(`reads the facts of an instance of ${provider}`, async (context) => {
    const base = await serve(context, service);
    assert.deepEqual(await read(provider, base), { facts, failures: [] });
  });

  test(`${provider}: no answer, an error and an endless answer are failures`, { timeout: 60_000 }, async (context) => {
    const everything = (answer: Answer): Service => ({
      answers: Object.fromEntries(Object.keys(service.answers).map((each) => [each, answer])),
    });
    const endless: Answer = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    };
    const never: Answer = () => {};
    await assert.rejects(read(provider, await serve(context, everything({ status: 500 })), 2000), /answered 500/);
    await assert.rejects(read(provider, await serve(context, everything({ status: 302 })), 2000), /answered 302/);
    await assert.rejects(read(provider, await serve(context, everything(endless)), 5000), /more than 262144 bytes/);
    await assert.rejects(
      read(provider, await serve(context, everything(never)), 100),
      /has not answered within 100 ms/,
    );
    await assert.rejects(read(provider, 'http://127.0.0.1:1', 2000), /ECONNREFUSED/);
  });
}

test('AWS: a path that fails leaves the other facts', async (context) => {
  const broken = {
    [`GET ${META}/instance-type`]: { status: 503 },
    [`GET ${META}/identity-credentials/ec2/info`]: '<x>',
  };
  const base = await serve(context, { ...aws, answers: { ...aws.answers, ...broken } });
  const { accountId: _, instanceType: __, ...others } = services.AWS.facts;
  const { facts, failures } = await read('AWS', base);
  assert.deepEqual(facts, others);
  assert.deepEqual(
    failures.map((failure) => failure.replace(base, '')),
    ['the identity document is not JSON', '/latest/meta-data/instance-type answered 503'],
  );
});

test('Alibaba: an instance without tokens is asked without one', async (context) => {
  const { answers } = services.Alibaba.service;
  const base = await serve(context, { answers: { ...answers, 'PUT /latest/api/token': { status: 404 } } });
  assert.deepEqual((await read('Alibaba', base)).facts, services.Alibaba.facts);
});

const hostile: Readonly<Record<string, string>> = {
  'a list instead of an object': '[]',
  'null members': '{"compute":null,"network":null}',
  'members of other types': '{"compute":{"vmId":{},"zone":[1]},"network":{"interface":{"0":1}}}',
  'empty lists of adapters and addresses': '{"compute":{},"network":{"interface":[{"ipv4":{"ipAddress":[]}}]}}',
  'a value of 4,000 characters': `{"compute":{"vmId":"${'x'.repeat(4000)}"}}`,
  'a value with control characters': '{"compute":{"vmId":"a\\u0007b"}}',
};
for (const [name, answer] of Object.entries(hostile)) {
  test(`Azure: ${name} gives no facts`, async (context) => {
    const base = await serve(context, { answers: { [`GET ${AZURE}`]: answer } });
    assert.deepEqual((await read('Azure', base)).facts, {});
  });
}

test('Azure: an id above 2^53 that is a number in JSON keeps all its digits', async (context) => {
  const base = await serve(context, { answers: { [`GET ${AZURE}`]: '{"compute":{"vmId":2206944706428651580}}' } });
  assert.equal((await read('Azure', base)).facts.instanceId, '2206944706428651580');
});
