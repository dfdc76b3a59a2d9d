import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { allowLoopback } from './allow-loopback.ts'
import { startChildren } from './children.ts'
import { freePort } from './free-url.ts'
import { kubeconfigFor } from './kubernetes-stand-in.ts'

const startTimeoutMs = 90_000

export type KubeApiServer = {
  /** May do everything. */
  adminKubeconfig: string
  /** Signs in, and may do nothing. */
  strangerKubeconfig: string
  /** Signs in as "newcomer", and may do what a test grants it. */
  newcomerKubeconfig: string
  /** Path of its audit log: a line of JSON for each write that was answered. */
  auditLog: string
  close(): Promise<void>
}

/** Where `kube-apiserver` and `etcd` are, as `KUBEBUILDER_ASSETS` says; null if they are not there. */
export function kubeAssets(): string | null {
  const folder = process.env.KUBEBUILDER_ASSETS
  if (!folder) return null
  return ['kube-apiserver', 'etcd'].every((name) => existsSync(path.join(folder, name))) ? folder : null
}

const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', users: ['system:apiserver'] },
    { level: 'Metadata', verbs: ['create', 'update', 'patch', 'delete'] },
    { level: 'None' },
  ],
}

/** The real API server on a fresh etcd, both on loopback; without controllers, as envtest runs it. */
export async function startKubeApiServer(assets: string): Promise<KubeApiServer> {
  allowLoopback()
  const dir = mkdtempSync(path.join(tmpdir(), 'infrasage-kube-'))
  const file = (name: string) => path.join(dir, name)
  const [clientPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()]
  const etcdUrl = `http://127.0.0.1:${clientPort}`
  const peerUrl = `http://127.0.0.1:${peerPort}`
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(file('sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 })
  writeFileSync(file('sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(
    file('tokens.csv'),
    'admin-token,admin,1,"system:masters"\nstranger-token,stranger,2\nnewcomer-token,newcomer,3\n',
  )

  writeFileSync(file('audit-policy.json'), JSON.stringify(auditPolicy))

  const { run, end } = startChildren(assets, dir)
  const close = async (): Promise<void> => {
    await end()
    rmSync(dir, { recursive: true, force: true })
  }

  run('etcd', [
    `--data-dir=${file('etcd')}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    '--unsafe-no-fsync',
  ])
  run('kube-apiserver', [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${apiPort}`,
    `--cert-dir=${file('certs')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    // An etcd before 3.4.31 cannot serve streamed lists; who is refused one begins anew, ever more slowly.
    '--feature-gates=WatchList=false',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://localhost',
    `--service-account-key-file=${file('sa.pub')}`,
    `--service-account-signing-key-file=${file('sa.key')}`,
    `--audit-policy-file=${file('audit-policy.json')}`,
    `--audit-log-path=${file('audit.log')}`,
  ])
  try {
    const caData = await untilReady(`https://127.0.0.1:${apiPort}`, file('certs/apiserver.crt'))
    const server = `https://127.0.0.1:${apiPort}`
    return {
      adminKubeconfig: kubeconfigFor(server, 'admin-token', caData),
      strangerKubeconfig: kubeconfigFor(server, 'stranger-token', caData),
      newcomerKubeconfig: kubeconfigFor(server, 'newcomer-token', caData),
      auditLog: file('audit.log'),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Waits for its own certificate and for `/readyz`; returns the certificate as a kubeconfig holds it. */
async function untilReady(server: string, certificate: string): Promise<string> {
  const { Agent, fetch } = await import('undici')
  const deadline = performance.now() + startTimeoutMs
  while (performance.now() < deadline) {
    if (existsSync(certificate)) {
      const ca = readFileSync(certificate)
      const dispatcher = new Agent({ connect: { ca } })
      try {
        const response = await fetch(`${server}/readyz`, {
          dispatcher,
          headers: { authorization: 'Bearer admin-token' },
        })
        if (response.ok) return ca.toString('base64')
      } catch {
        // Not listening yet.
      } finally {
        await dispatcher.close()
      }
    }
    await delay(200)
  }
  throw new Error('kube-apiserver did not become ready.')
}
