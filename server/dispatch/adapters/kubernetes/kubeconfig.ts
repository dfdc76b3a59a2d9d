import { parse } from 'yaml'
import { z } from 'zod'
import { InvalidInputError } from '../../../kernel/errors.ts'
import { parseInput } from '../../../kernel/parse.ts'

/**
 * One cluster and one user. Of a kubeconfig everything is inline: nothing is read from this machine and nothing is run on it.
 * `ownHost`: the API server of our own cluster, as the pod's environment names it; nobody who uses the product gave it.
 */
export type ClusterAccess = {
  server: string
  caData?: string
  tlsServerName?: string
  ownHost?: string
  user: {
    token?: string
    /** Read anew for every request; of our own pod alone. */
    tokenFile?: string
    certData?: string
    keyData?: string
    username?: string
    password?: string
  }
}

/** Checked one by one where they are used: entries that the current context does not name are none of our business. */
const named = z.array(z.looseObject({ name: z.string() }))

const clusterBody = z.looseObject({
  server: z.url(),
  'certificate-authority-data': z.string().optional(),
  'tls-server-name': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
})
const userBody = z.looseObject({
  token: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be printable characters without spaces')
    .optional(),
  'client-certificate-data': z.string().optional(),
  'client-key-data': z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
})
const contextBody = z.looseObject({ cluster: z.string(), user: z.string() })

const kubeconfig = z.looseObject({
  'current-context': z.string().min(1, 'name the context to use'),
  clusters: named,
  users: named,
  contexts: named,
})

/** Fields that would read a file of this server or run a program on it, and what to use instead. */
const forbidden: Record<string, string> = {
  exec: 'a token or an inline client certificate; programs are never run',
  'auth-provider': 'a token or an inline client certificate; programs are never run',
  tokenFile: 'token',
  'client-certificate': 'client-certificate-data',
  'client-key': 'client-key-data',
  'certificate-authority': 'certificate-authority-data',
  'proxy-url': 'a direct address',
}

function refuseForbidden(where: string, body: Record<string, unknown>): void {
  for (const [field, instead] of Object.entries(forbidden)) {
    if (body[field] === undefined) continue
    throw new InvalidInputError(`The kubeconfig uses "${field}" in ${where}; give ${instead} instead.`, [
      { path: `kubeconfig.${where}.${field}`, message: 'is not accepted', expected: instead },
    ])
  }
}

/**
 * Reads the current context of a kubeconfig.
 * @throws InvalidInputError naming the field; the text itself, which holds credentials, is never repeated
 */
export function readKubeconfig(text: string): ClusterAccess {
  let parsed: unknown
  try {
    parsed = parse(text, { maxAliasCount: 0 })
  } catch {
    throw new InvalidInputError('The kubeconfig is not valid YAML.', [
      { path: 'kubeconfig', message: 'is not valid YAML', expected: 'the text of a kubeconfig file' },
    ])
  }
  const config = parseInput(kubeconfig, parsed, 'kubeconfig')
  const name = config['current-context']
  const context = pick(config.contexts, name, 'context', contextBody)
  const cluster = pick(config.clusters, context.cluster, 'cluster', clusterBody)
  const user = pick(config.users, context.user, 'user', userBody)
  refuseForbidden('cluster', cluster)
  refuseForbidden('user', user)
  refuseUnverified(cluster)
  refusePlainText(cluster.server)
  return {
    server: cluster.server,
    caData: cluster['certificate-authority-data'],
    tlsServerName: cluster['tls-server-name'],
    user: {
      token: user.token,
      certData: user['client-certificate-data'],
      keyData: user['client-key-data'],
      username: user.username,
      password: user.password,
    },
  }
}

function pick<S extends z.ZodType>(
  list: { name: string; [field: string]: unknown }[],
  name: string,
  field: string,
  schema: S,
): z.output<S> {
  const found = list.find((entry) => entry.name === name)
  if (found === undefined) {
    throw new InvalidInputError(`The kubeconfig names the ${field} "${name}" and does not define it.`)
  }
  return parseInput(schema, found[field], `${field} of the kubeconfig`)
}

/** Whoever answers without a certificate to check gets the credentials, and says what capacity there is. */
function refuseUnverified(cluster: z.output<typeof clusterBody>): void {
  if (cluster['insecure-skip-tls-verify'] !== true) return
  throw new InvalidInputError(
    'The kubeconfig sets "insecure-skip-tls-verify", so that anybody could answer for the cluster; give its ' +
      'certificate-authority-data instead (and tls-server-name where the certificate is for another name).',
    [
      {
        path: 'kubeconfig.cluster.insecure-skip-tls-verify',
        message: 'is not accepted',
        expected:
          'certificate-authority-data: the certificate of the CA that signed the API server’s, in base64',
      },
    ],
  )
}

/** Credentials travel only over TLS, or to this machine itself (a `kubectl proxy`). */
function refusePlainText(server: string): void {
  const url = new URL(server)
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return
  throw new InvalidInputError(`The kubeconfig's server "${url.host}" must be reached by https.`, [
    { path: 'kubeconfig.cluster.server', message: 'is not https', expected: 'an https address' },
  ])
}
