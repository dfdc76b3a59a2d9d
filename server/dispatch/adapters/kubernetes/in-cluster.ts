import { readFileSync } from 'node:fs'
import path from 'node:path'
import { UnavailableError } from '../../../kernel/errors.ts'
import type { ClusterAccess } from './kubeconfig.ts'

/** Where a pod finds the token of its service account, which the kubelet renews, and the certificate of the API server. */
const projected = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The cluster that this very process runs in, as its service account. The token is read anew for every request.
 * @throws UnavailableError outside a cluster, or where no token is mounted
 */
export function inClusterAccess(
  source: Record<string, string | undefined> = process.env,
  folder = projected,
): ClusterAccess {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = source
  if (!host) {
    throw new UnavailableError(
      'InfraSage does not run in a cluster here (KUBERNETES_SERVICE_HOST is not set); give a kubeconfig.',
    )
  }
  try {
    readFileSync(path.join(folder, 'token'))
    return {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      caData: readFileSync(path.join(folder, 'ca.crt')).toString('base64'),
      ownHost: host.toLowerCase(),
      user: { tokenFile: path.join(folder, 'token') },
    }
  } catch {
    throw new UnavailableError(
      `There is no token of a service account in ${folder}; the pods need automountServiceAccountToken: true.`,
    )
  }
}
