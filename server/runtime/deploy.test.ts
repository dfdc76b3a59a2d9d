import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { type KubeApiServer, kubeAssets, startKubeApiServer } from '../dispatch/testing/kube-apiserver.ts'
import { readEnv } from '../kernel/env.ts'
import { type GuardedClient, guardedClient } from '../kernel/guarded-client.ts'
import { encryptionKeys } from '../kernel/secretbox.ts'

const folder = path.resolve(import.meta.dirname, '../../deploy/kubernetes')
const namespace = 'infrasage'

const container = z.looseObject({
  name: z.string(),
  command: z.array(z.string()),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
  volumeMounts: z.array(
    z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
  ),
})
const podSpec = z.looseObject({
  containers: z.array(container),
  initContainers: z.array(container).default([]),
  volumes: z.array(z.looseObject({ name: z.string() })),
})
const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z
    .looseObject({ template: z.looseObject({ metadata: z.unknown(), spec: podSpec }).optional() })
    .optional(),
})
type Manifest = z.infer<typeof manifest>

const kustomization = z.looseObject({
  resources: z.array(z.string()),
  configMapGenerator: z.array(z.object({ name: z.string(), literals: z.array(z.string()) })),
})
const read = (...names: string[]) => readFileSync(path.join(folder, ...names), 'utf8')
const base = kustomization.parse(parse(read('base/kustomization.yaml')))
const documents = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => manifest.parse(document.toJS()))
const manifests = base.resources.flatMap((file) => documents(read('base', file)))
const pods = manifests.flatMap(({ metadata, spec }) =>
  spec?.template ? [{ name: metadata.name, template: spec.template }] : [],
)
const containersOf = (name: string) => {
  const spec = pods.find((pod) => pod.name === name)?.template.spec
  return spec ? [...spec.initContainers, ...spec.containers] : []
}
const settings = Object.fromEntries(
  (base.configMapGenerator[0]?.literals ?? []).map((each) => [each.split('=')[0], each.split('=')[1]]),
)

test('there are a web server, workers and a migration, and one command of ours in each', () => {
  expect(pods.map(({ name }) => name)).toEqual(['infrasage-migrate', 'infrasage-web', 'infrasage-worker'])
  for (const { command } of pods.flatMap(({ name }) => containersOf(name))) {
    expect(command[0]).toBe('node')
    expect(() => readFileSync(path.resolve(folder, '../..', command[1] ?? ''))).not.toThrow()
  }
})

test.each(pods.map(({ name }) => name))(
  '%s runs as nobody special, on a root that it cannot write',
  (name) => {
    const spec = pods.find((pod) => pod.name === name)?.template.spec
    expect(spec?.securityContext).toMatchObject({
      ...{ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
      seccompProfile: { type: 'RuntimeDefault' },
    })
    const writable = new Set(
      spec?.volumes.flatMap((volume) => (volume.emptyDir === undefined ? [] : [volume.name])),
    )
    for (const each of containersOf(name)) {
      expect(each.securityContext).toEqual({
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        capabilities: { drop: ['ALL'] },
      })
      expect(each.resources).toMatchObject({
        requests: { cpu: expect.anything(), memory: expect.anything() },
        limits: { cpu: expect.anything(), memory: expect.anything() },
      })
      for (const { name: volume, readOnly } of each.volumeMounts) {
        expect(readOnly === true || writable.has(volume)).toBe(true)
      }
    }
  },
)

test('web and workers wait for the schema, are probed, and only the migration has the owner’s credentials', () => {
  for (const name of ['infrasage-web', 'infrasage-worker']) {
    const [first, main] = containersOf(name)
    expect(first?.command).toEqual(['node', 'server/runtime/migrate.ts', 'wait'])
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(main).toHaveProperty(probe)
    expect(JSON.stringify(containersOf(name))).not.toContain('DATABASE_OWNER_URL')
  }
  expect(containersOf('infrasage-migrate')[0]?.env.map((each) => each.name)).toEqual([
    'DATABASE_URL',
    'DATABASE_OWNER_URL',
  ])
})

test('what is set is what the product reads: nothing is missing, nothing misspelt', () => {
  const secret = documents(read('secrets.example.yaml')).find(({ metadata }) => metadata.name === 'infrasage')
  const secrets = z.record(z.string(), z.string()).parse(secret?.stringData)
  const keys = Object.keys(secrets)
  for (const name of ['infrasage-web', 'infrasage-worker']) {
    const env = containersOf(name).at(-1)?.env ?? []
    const given = {
      ...settings,
      ...Object.fromEntries(env.map((each) => [each.name, each.value ?? 'ab'.repeat(32)])),
      DATABASE_URL: secrets.DATABASE_URL,
    }
    expect(readEnv(given)).toMatchObject({ INFRASAGE_SHUTDOWN_SECONDS: 25 })
    expect(() => encryptionKeys(given)).not.toThrow()
    const read = new Set(Object.keys(readEnv(given)))
    for (const each of Object.keys(given)) expect(read, each).toContain(each)
    for (const each of env) {
      const { key, optional } = z
        .object({ key: z.string(), optional: z.boolean().optional() })
        .parse(each.value === undefined ? Object(each.valueFrom).secretKeyRef : { key: 'audit-key.pem' })
      expect(optional === true || keys.includes(key), key).toBe(true)
    }
  }
})

test('by default nothing gets in or out of the namespace, and nothing at all to where clouds keep their secrets', () => {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy')
  expect(policies[0]?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
  expect(policies.flatMap(({ spec }) => (spec?.ingress ? [spec.ingress] : []))).toEqual([
    [
      {
        from: [{ namespaceSelector: { matchLabels: { 'infrasage.dev/reaches-web': 'true' } } }],
        ports: [{ protocol: 'TCP', port: 3000 }],
      },
    ],
  ])
  expect(JSON.stringify(policies.at(-1)?.spec)).toContain('169.254.0.0/16')
})

const assets = kubeAssets()
if (assets === null) {
  test.skip('the real API server: skipped, because KUBEBUILDER_ASSETS names no folder with kube-apiserver and etcd', () =>
    undefined)
} else {
  describe('the real API server', () => againstTheRealOne(assets))
}

function againstTheRealOne(binaries: string): void {
  let server: KubeApiServer
  let client: GuardedClient
  let address: string
  beforeAll(async () => {
    server = await startKubeApiServer(binaries)
    const { clusters } = z
      .object({ clusters: z.array(z.object({ cluster: z.record(z.string(), z.string()) })) })
      .parse(parse(server.adminKubeconfig))
    const ca = Buffer.from(clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64')
    client = guardedClient({ listed: ['127.0.0.1'] }, { ca: ca.toString('utf8') })
    address = clusters[0]?.cluster.server ?? ''
    for (const each of manifests.filter(({ kind }) => kind === 'Namespace')) await apply(each, false)
  }, 120_000)
  afterAll(async () => {
    await client?.close()
    await server?.close()
  })

  /** Applies an object on the server, strictly; `dryRun`: without keeping it. */
  async function apply({ apiVersion, kind, metadata, ...rest }: Manifest, dryRun: boolean) {
    const of = kind === 'NetworkPolicy' ? 'networkpolicies' : `${kind.toLowerCase()}s`
    const place = kind === 'Namespace' ? '' : `namespaces/${namespace}/`
    const root = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`
    const options = `fieldManager=test&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`
    const answer = await client.send({
      url: `${address}/${root}/${place}${of}/${metadata.name}?${options}`,
      method: 'PATCH',
      headers: { authorization: 'Bearer admin-token', 'content-type': 'application/apply-patch+yaml' },
      body: JSON.stringify({ apiVersion, kind, metadata, ...rest }),
      ...{ timeoutMs: 10_000, maxAnswerBytes: 1_000_000 },
    })
    const { status, headers, body } = answer
    return { ok: status < 300, warning: headers.warning, said: status < 300 ? '' : body.toString() }
  }
  const fine = { ok: true, warning: undefined, said: '' }

  test.each(manifests.map((each) => [each.kind, each.metadata.name, each] as const))(
    'takes the %s %s, strictly and without a warning',
    async (_kind, _name, each) => expect(await apply(each, true)).toEqual(fine),
  )

  test.each(pods)(
    'lets the pod of $name in where it enforces "restricted", and none with a right more',
    async (pod) => {
      const { template } = pod
      const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: pod.name } }
      expect(await apply({ ...object, spec: template.spec as Manifest['spec'] }, true)).toEqual(fine)
      const [first, ...more] = template.spec.containers
      const containers = [{ ...first, securityContext: {} }, ...more]
      const opened = { ...template.spec, containers } as Manifest['spec']
      expect((await apply({ ...object, spec: opened }, true)).said).toMatch(
        /violates PodSecurity \\?"restricted/,
      )
    },
  )
}
