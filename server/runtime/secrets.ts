import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'
import { ensureAuditKey } from '../audit/index.ts'
import { readPrivateJson, writePrivateJson } from '../kernel/private-file.ts'

const secretsShape = z.object({
  nextAuthSecret: z.string().min(32),
  encryptionKey: z.string().regex(/^[0-9a-f]{64}$/),
  sandboxToken: z.string().min(16),
})

export type SecretsEnvironment = Record<
  'NEXTAUTH_SECRET' | 'INFRASAGE_ENCRYPTION_KEY' | 'INFRASAGE_SANDBOX_TOKEN' | 'INFRASAGE_AUDIT_KEY_FILE',
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
    writePrivateJson(files.secrets, secrets)
  }
  const auditKeyFile = given.INFRASAGE_AUDIT_KEY_FILE ?? files.auditKey
  ensureAuditKey(auditKeyFile)
  return {
    NEXTAUTH_SECRET: given.NEXTAUTH_SECRET ?? secrets.nextAuthSecret,
    INFRASAGE_ENCRYPTION_KEY: given.INFRASAGE_ENCRYPTION_KEY ?? secrets.encryptionKey,
    INFRASAGE_SANDBOX_TOKEN: given.INFRASAGE_SANDBOX_TOKEN ?? secrets.sandboxToken,
    INFRASAGE_AUDIT_KEY_FILE: auditKeyFile,
  }
}
