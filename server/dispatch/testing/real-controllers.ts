import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CoreV1Api } from '@kubernetes/client-node'
import { stringify } from 'yaml'
import { startChildren } from './children.ts'
import { freePort } from './free-url.ts'
import type { KubeApiServer } from './kube-apiserver.ts'

/** The one node of the cluster; pods are put on it by their template, since no scheduler runs. */
export const nodeName = 'node-1'

/** Which of the programs that real controllers need is not in the folder that `KUBEBUILDER_ASSETS` names. */
export function missingControllers(): string[] {
  const folder = process.env.KUBEBUILDER_ASSETS ?? ''
  return ['kube-controller-manager', 'kwok'].filter((name) => !existsSync(path.join(folder, name)))
}

const controllers = [
  ...['deployment', 'replicaset', 'statefulset', 'job', 'cronjob', 'horizontal-pod-autoscaler'],
  ...['garbage-collector', 'namespace'],
]

type Stage = { name: string; kind: 'Node' | 'Pod'; when: object[]; next: object; afterMs?: number }

const stage = ({ name, kind, when, next, afterMs }: Stage): string =>
  stringify({
    ...{ apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Stage', metadata: { name } },
    spec: {
      resourceRef: { apiGroup: 'v1', kind },
      selector: { matchExpressions: when },
      ...(afterMs === undefined ? {} : { delay: { durationMilliseconds: afterMs } }),
      next,
    },
  })

const condition = (type: string) =>
  `- { type: ${type}, status: "True", lastTransitionTime: {{ $now | Quote }} }`

const running = `{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
podIP: {{ PodIPWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace | Quote }}
conditions:
${['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition).join('\n')}
containerStatuses:
{{ range .spec.containers }}
- { name: {{ .name | Quote }}, image: {{ .image | Quote }}, ready: true, restartCount: 0, state: { running: { startedAt: {{ $now | Quote }} } } }
{{ end }}
`

/** What the stand-in for kubelets does: pods become ready a while after they were made, and go as soon as they are deleted. */
const stages = (readyAfterMs: number): string[] => [
  stage({
    ...{ name: 'node-ready', kind: 'Node' },
    when: [{ key: '.status.phase', operator: 'DoesNotExist' }],
    next: { statusTemplate: 'phase: Running\n' },
  }),
  stage({
    ...{ name: 'pod-ready', kind: 'Pod', afterMs: readyAfterMs },
    when: [
      { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
      { key: '.status.podIP', operator: 'DoesNotExist' },
    ],
    next: { statusTemplate: running },
  }),
  stage({
    ...{ name: 'pod-gone', kind: 'Pod' },
    when: [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }],
    next: { finalizers: { empty: true }, delete: true },
  }),
]

/** Kubernetes' own controllers at their own pace, and kwok in the place of kubelets, for an API server that was started. */
export async function startControllers(
  { adminKubeconfig }: KubeApiServer,
  readyAfterMs: number,
): Promise<{ core: CoreV1Api; close(): Promise<void> }> {
  const folder = process.env.KUBEBUILDER_ASSETS ?? ''
  const dir = mkdtempSync(path.join(tmpdir(), 'infrasage-controllers-'))
  const kubeconfig = path.join(dir, 'kubeconfig')
  writeFileSync(kubeconfig, adminKubeconfig, { mode: 0o600 })
  const config = path.join(dir, 'kwok.yaml')
  writeFileSync(config, stages(readyAfterMs).join('---\n'))
  const { run, end } = startChildren(folder, dir)
  run('kube-controller-manager', [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${controllers.map((each) => `${each}-controller`).join()}`,
    ...['--leader-elect=false', '--kube-api-content-type=application/json', '--bind-address=127.0.0.1'],
    ...[`--secure-port=${await freePort()}`, `--cert-dir=${path.join(dir, 'certs')}`],
  ])
  run('kwok', [
    ...[`--kubeconfig=${kubeconfig}`, `--config=${config}`, '--manage-all-nodes=true'],
    ...['--node-ip=127.0.0.1', '--node-lease-duration-seconds=0'],
  ])
  const k8s = await import('@kubernetes/client-node')
  const access = new k8s.KubeConfig()
  access.loadFromString(readFileSync(kubeconfig, 'utf8'))
  const core = access.makeApiClient(k8s.CoreV1Api)
  await core.createNode({ body: { metadata: { name: nodeName } } })
  return {
    core,
    close: async () => {
      await end(5_000)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
