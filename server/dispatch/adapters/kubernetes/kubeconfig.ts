import { isScalar, parseDocument, visit } from 'yaml'
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

/** That of some fifty clusters with their certificates. */
const mostCharacters = 200_000

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
  const config = parseInput(kubeconfig, readYaml(text), 'kubeconfig')
  const name = config['current-context']
  const context = pick(config.contexts, name, 'context', contextBody)
  const cluster = pick(config.clusters, context.cluster, 'cluster', clusterBody)
  const user = pick(config.users, context.user, 'user', userBody)
  refuseForbidden('cluster', cluster)
  refuseForbidden('user', user)
  refuseUnverified(cluster)
  refuseExtras(cluster.server)
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

/** The parser's own check for keys that are given twice takes minutes for a text of this size that is full of keys. */
function readYaml(text: string): unknown {
  const refuse = (message: string, expected: string): never => {
    throw new InvalidInputError(`The kubeconfig ${message}.`, [{ path: 'kubeconfig', message, expected }])
  }
  if (text.length > mostCharacters)
    return refuse(`is longer than ${mostCharacters} characters`, 'the one context that is used (--minify)')
  let twice = false
  try {
    const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' })
    if (document.errors.length > 0) throw document.errors[0]
    visit(document, {
      Map: (_, { items }) => {
        const keys = items.map(({ key }) => (isScalar(key) ? key.value : key))
        twice ||= new Set(keys).size < keys.length
        return twice ? visit.BREAK : undefined
      },
    })
    const parsed: unknown = document.toJS({ maxAliasCount: 0 })
    if (!twice) return parsed
  } catch {
    return refuse('is not valid YAML', 'the text of a kubeconfig file')
  }
  return refuse('gives a key twice', 'each key once')
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

/** What stands in an address stands in logs; and a path is put behind it. The address itself is not repeated. */
function refuseExtras(server: string): void {
  const { username, password, search, hash, host } = new URL(server)
  const wrong =
    username || password
      ? { what: 'credentials', expected: 'them under its user (username, password or token)' }
      : { what: 'a query or a fragment', expected: 'an address and at most a path' }
  if (!(username || password || search || hash)) return
  throw new InvalidInputError(
    `The kubeconfig's server at "${host}" has ${wrong.what} in its address; give ${wrong.expected}.`,
    [{ path: 'kubeconfig.cluster.server', message: `has ${wrong.what} in it`, expected: wrong.expected }],
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
