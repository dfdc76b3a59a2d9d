import { isIP } from 'node:net'
import { z } from 'zod'

const hex32 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')

/** Whether every entry with a "/" is a CIDR range. */
function areRanges(list: string): boolean {
  return list
    .split(',')
    .map((entry) => entry.trim().split('/'))
    .every(([address = '', bits]) => {
      const most = isIP(address) === 6 ? 128 : isIP(address) === 4 ? 32 : -1
      return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
    })
}

/** The same, where no entry may be a host's name. */
const areAddresses = (list: string) =>
  areRanges(list) && list.split(',').every((entry) => isIP(entry.trim().split('/')[0] ?? '') !== 0)

function isHttpsOrLoopback(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

const isPostgres = (url: string) =>
  URL.canParse(url) && ['postgresql:', 'postgres:'].includes(new URL(url).protocol)

/** Everything that a process of ours reads from its environment; the supervisor sets what the user did not. */
const schema = z.object({
  DATABASE_URL: z
    .string()
    .refine(
      isPostgres,
      'must read postgresql://user:password@host:5432/name, with what is special in the password written as %23',
    ),
  INFRASAGE_DATA_DIR: z.string().default('.infrasage'),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  NEXTAUTH_URL: z.url().optional(),
  NEXTAUTH_SECRET: z.string().min(32),
  /** AES-256 key of stored credentials. */
  INFRASAGE_ENCRYPTION_KEY: hex32,
  /** Keys before that one, which still open what they sealed; by commas. */
  INFRASAGE_OLD_ENCRYPTION_KEYS: z
    .string()
    .regex(/^([0-9a-f]{64}(\s*,\s*)?)*$/, 'must be keys of 64 hexadecimal digits, with commas between')
    .optional(),
  /** Ed25519 private key of audit checkpoints, PKCS #8 PEM, in a file outside the database. */
  INFRASAGE_AUDIT_KEY_FILE: z.string().min(1),
  /** Folder for the checkpoints that are kept beside that key, where its own cannot be written. */
  INFRASAGE_CHECKPOINT_DIR: z.string().min(1).optional(),
  /** Address and token of the sandbox's own API; absent when no sandbox runs. */
  INFRASAGE_SANDBOX_URL: z.url().optional(),
  INFRASAGE_SANDBOX_TOKEN: z.string().min(16).optional(),
  /** How long a process has between SIGTERM and its end; under the supervisor of `npm start` 2.5. */
  INFRASAGE_SHUTDOWN_SECONDS: z.coerce.number().min(1).max(3_600).optional(),
  /** How long, of that, a web server says that it is not ready and serves on, until whoever balances the load has seen it; half at most. */
  INFRASAGE_DRAIN_SECONDS: z.coerce.number().min(0).max(600).default(5),
  /** File that a worker touches as long as it takes turns, for whoever looks whether it does. */
  INFRASAGE_HEARTBEAT_FILE: z.string().min(1).optional(),
  /** Live forecasting engines that a worker holds at hand, in MiB; one takes some 0.2. */
  INFRASAGE_ENGINE_CACHE_MIB: z.coerce.number().int().min(0).max(65_536).default(256),
  /** Calls of the API that one person, and one API key, may make in a minute; the telemetry intake has limits of its own. */
  INFRASAGE_PERSON_REQUESTS_PER_MINUTE: z.coerce.number().int().min(60).max(1_000_000).default(1_800),
  INFRASAGE_KEY_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(1_200),
  /** Folder in which witnesses of kind "file" may write; without it there are none. */
  INFRASAGE_WITNESS_DIR: z.string().optional(),
  /** Hosts, addresses and CIDR ranges that may be called for a person though they are private; by commas. */
  INFRASAGE_PRIVATE_HOSTS: z
    .string()
    .refine(areRanges, 'each range is an address, "/" and its number of bits, such as 10.0.0.0/8')
    .optional(),
  /** Addresses and CIDR ranges of reverse proxies whose X-Forwarded-* headers are believed; by commas. Without it: none. */
  INFRASAGE_TRUSTED_PROXIES: z
    .string()
    .refine(areAddresses, 'each entry is an address or a range, such as 10.0.0.7 or 10.0.0.0/8')
    .optional(),
  /** Identity provider (OpenID Connect): its issuer, this product's client there, and a file that maps groups to roles. */
  INFRASAGE_OIDC_ISSUER: z.url().refine(isHttpsOrLoopback, 'must be https, except on loopback').optional(),
  INFRASAGE_OIDC_CLIENT_ID: z.string().min(1).optional(),
  INFRASAGE_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  INFRASAGE_OIDC_MAPPING_FILE: z.string().min(1).optional(),
  INFRASAGE_OIDC_NAME: z.string().min(1).max(60).default('the identity provider'),
  INFRASAGE_OIDC_SCOPE: z.string().min(1).default('openid email profile'),
  INFRASAGE_OIDC_GROUPS_CLAIM: z.string().min(1).default('groups'),
})

const oidcParts = ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'MAPPING_FILE'] as const

/** Half a provider is none: whoever set one part is told of those that are missing. */
const wholeSchema = schema.superRefine((env, issues) => {
  const missing = oidcParts.filter((part) => env[`INFRASAGE_OIDC_${part}`] === undefined)
  if (missing.length === oidcParts.length) return
  for (const part of missing) {
    const message = 'belongs to the other INFRASAGE_OIDC_ settings and is missing'
    issues.addIssue({ code: 'custom', path: [`INFRASAGE_OIDC_${part}`], message })
  }
})

export type Env = z.infer<typeof schema>

/** Where people reach the product, without a slash at its end; links in what it sends begin with it. */
export function publicUrl({ NEXTAUTH_URL, PORT }: Pick<Env, 'NEXTAUTH_URL' | 'PORT'>): string {
  return (NEXTAUTH_URL ?? `http://127.0.0.1:${PORT}`).replace(/\/+$/, '')
}

/** @throws Error that lists every variable that is missing or wrong. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const parsed = wholeSchema.safeParse(source)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ code, path: [name = ''], message }) => {
    const missing = code === 'invalid_type' && source[String(name)] === undefined
    return `  ${String(name)}: ${missing ? 'is not set' : message}`
  })
  throw new Error(`The environment is not complete:\n${lines.join('\n')}`)
}
