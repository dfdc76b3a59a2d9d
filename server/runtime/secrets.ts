import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'
import { ensureAuditKey } from '../audit/index.ts'
import { privateDir, readPrivateJson, writePrivateJson } from '../kernel/private-file.ts'

const key = z.string().regex(/^[0-9a-f]{64}$/)

export const secretsShape = z.object({
  nextAuthSecret: z.string().min(32),
  encryptionKey: key,
  /** Those before it, newest first: they open what they sealed. */
  oldEncryptionKeys: z.array(key).optional(),
  sandboxToken: z.string().min(16),
})

export type Secrets = z.infer<typeof secretsShape>

export type SecretsEnvironment = Record<
  | 'NEXTAUTH_SECRET'
  | 'INFRASAGE_ENCRYPTION_KEY'
  | 'INFRASAGE_OLD_ENCRYPTION_KEYS'
  | 'INFRASAGE_SANDBOX_TOKEN'
  | 'INFRASAGE_AUDIT_KEY_FILE',
  string
>

/** Where the secrets of an installation are: beside the database, never in it. */
export function secretFiles(dataDir: string) {
  return { secrets: path.join(dataDir, 'secrets.json'), auditKey: path.join(dataDir, 'audit-key.pem') }
}

/**
 * The secrets of a data folder as environment variables, made on first use. What the environment already sets wins.
 */
export function secretsEnvironment(
  dataDir: string,
  given: Record<string, string | undefined>,
): SecretsEnvironment {
  const files = secretFiles(dataDir)
  let secrets = readPrivateJson(files.secrets, secretsShape)
  if (secrets === null) {
    secrets = {
      nextAuthSecret: randomBytes(32).toString('base64url'),
      encryptionKey: randomBytes(32).toString('hex'),
      sandboxToken: randomBytes(24).toString('base64url'),
    }
    writePrivateJson(path.join(privateDir(dataDir), path.basename(files.secrets)), secrets)
  }
  const auditKeyFile = given.INFRASAGE_AUDIT_KEY_FILE ?? files.auditKey
  ensureAuditKey(auditKeyFile)
  return {
    NEXTAUTH_SECRET: given.NEXTAUTH_SECRET ?? secrets.nextAuthSecret,
    ...encryptionKeysOf(secrets, given),
    INFRASAGE_SANDBOX_TOKEN: given.INFRASAGE_SANDBOX_TOKEN ?? secrets.sandboxToken,
    INFRASAGE_AUDIT_KEY_FILE: auditKeyFile,
  }
}

/** Keys of the environment and of the file are never mixed: whoever set one brings the others. */
function encryptionKeysOf(
  { encryptionKey, oldEncryptionKeys = [] }: Secrets,
  { INFRASAGE_ENCRYPTION_KEY, INFRASAGE_OLD_ENCRYPTION_KEYS = '' }: Record<string, string | undefined>,
) {
  if (INFRASAGE_ENCRYPTION_KEY !== undefined) {
    return { INFRASAGE_ENCRYPTION_KEY, INFRASAGE_OLD_ENCRYPTION_KEYS }
  }
  return {
    INFRASAGE_ENCRYPTION_KEY: encryptionKey,
    INFRASAGE_OLD_ENCRYPTION_KEYS: oldEncryptionKeys.join(','),
  }
}
