import { allowLoopback } from './allow-loopback.ts'
import { type KubeApiServer, kubeAssets, startKubeApiServer } from './kube-apiserver.ts'

/** Runs a check or a benchmark against the real API server, which lives only so long; says what is missing where there is none. */
export async function withCluster(work: (server: KubeApiServer) => Promise<void>): Promise<void> {
  const assets = kubeAssets()
  if (assets === null) {
    process.stderr.write('Set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd.\n')
    process.exitCode = 2
    return
  }
  allowLoopback()
  process.env.INFRASAGE_ENCRYPTION_KEY ??= 'a'.repeat(64)
  const server = await startKubeApiServer(assets)
  try {
    await work(server)
  } finally {
    await server.close()
  }
}
