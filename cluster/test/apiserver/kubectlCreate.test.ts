import { expect, test } from 'vitest';
import { send, startServer } from './apiServerFixture.ts';
import { kubectlFor } from './kubectlFixture.ts';

/** What kubectl makes itself it sends as protobuf. */
const commands: [string, string, object][] = [
  [
    'deployment web --image=nginx --replicas=0 --port=80',
    '/apis/apps/v1/namespaces/default/deployments/web',
    {
      replicas: 0,
      selector: { matchLabels: { app: 'web' } },
      template: { spec: { containers: [{ image: 'nginx', ports: [{ containerPort: 80 }] }] } },
    },
  ],
  [
    'cronjob hourly --image=busybox --schedule=0_*_*_*_* -- date -u',
    '/apis/batch/v1/namespaces/default/cronjobs/hourly',
    {
      schedule: '0 * * * *',
      jobTemplate: {
        spec: { template: { spec: { containers: [{ command: ['date', '-u'] }] } } },
      },
    },
  ],
  [
    'job once --from=cronjob/hourly',
    '/apis/batch/v1/namespaces/default/jobs/once',
    { template: { spec: { restartPolicy: 'OnFailure', containers: [{ image: 'busybox' }] } } },
  ],
  [
    'quota small --hard=pods=2,requests.cpu=500m',
    '/api/v1/namespaces/default/resourcequotas/small',
    { hard: { pods: '2', 'requests.cpu': '500m' } },
  ],
  [
    'ingress way --rule=a.example.com/x*=web:http',
    '/apis/networking.k8s.io/v1/namespaces/default/ingresses/way',
    { rules: [{ host: 'a.example.com', http: { paths: [{ path: '/x', pathType: 'Prefix' }] } }] },
  ],
  [
    'service nodeport door --tcp=80:http --node-port=30080',
    '/api/v1/namespaces/default/services/door',
    { type: 'NodePort', ports: [{ port: 80, targetPort: 'http', nodePort: 30080 }] },
  ],
  [
    'poddisruptionbudget calm --selector=app=web --min-available=50%',
    '/apis/policy/v1/namespaces/default/poddisruptionbudgets/calm',
    { minAvailable: '50%', selector: { matchLabels: { app: 'web' } } },
  ],
];

test('kubectl create makes workloads, quotas, services and the like', async () => {
  const server = await startServer({ plainHttp: false, resources: [] });
  const kubectl = await kubectlFor(server);
  for (const [command, path, spec] of commands) {
    const words = command.split(' ').map((word) => word.replaceAll('_', ' '));
    expect(await kubectl.run('create', ...words)).toContain('created');
    const { body } = await send(server, 'GET', path);
    expect(body, command).toMatchObject({ spec });
  }
  await kubectl.run('create', 'priorityclass', 'low', '--value=-5');
  const { body } = await send(server, 'GET', '/apis/scheduling.k8s.io/v1/priorityclasses/low');
  expect(body).toMatchObject({ value: -5 });
}, 60_000);

/** A message of Kubernetes' envelope (runtime.Unknown) in protobuf. */
function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const part = (field: number, value: Buffer) =>
    Buffer.concat([Buffer.from([field * 8 + 2, value.length]), value]);
  const type = Buffer.concat([part(1, Buffer.from(apiVersion)), part(2, Buffer.from(kind))]);
  return Buffer.concat([Buffer.from('k8s\0'), part(1, type), part(2, raw)]);
}

test.each([
  ['no envelope', Buffer.from('nothing'), 400, 'does not begin as those of Kubernetes do'],
  ['a body that ends early', envelope('v1', 'Pod', Buffer.from([10, 90, 1])), 400, 'is cut off'],
  [
    'a kind that is not built in',
    envelope('sea.example.com/v1', 'Boat', Buffer.alloc(0)),
    415,
    'accepted media types include: application/json, application/yaml',
  ],
])('protobuf with %s is refused', async (_what, payload, code, message) => {
  const server = await startServer();
  const response = await server.inject({
    method: 'POST',
    url: '/api/v1/namespaces/default/pods',
    headers: {
      authorization: 'Bearer admin-token',
      'content-type': 'application/vnd.kubernetes.protobuf',
    },
    payload,
  });
  expect(response.json()).toMatchObject({
    code,
    message: expect.stringContaining(message) as string,
  });
});
