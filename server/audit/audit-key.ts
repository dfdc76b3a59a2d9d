import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * What lies beside the private key: the public key to hand out, and the checkpoints that the database cannot lose. Those are in the
 * folder `INFRASAGE_CHECKPOINT_DIR` instead, where the key's own cannot be written.
 */
export function besideKey(
  keyFile: string,
  source: Record<string, string | undefined> = process.env,
): { publicKeyFile: string; checkpointFile: string } {
  const folder = source.INFRASAGE_CHECKPOINT_DIR || path.dirname(keyFile)
  return {
    publicKeyFile: `${keyFile}.pub`,
    checkpointFile: path.join(folder, `${path.basename(keyFile)}.checkpoints.jsonl`),
  }
}

/** Makes the Ed25519 key of checkpoints, readable by its owner only, unless it is there; writes the public half beside it. */
export function ensureAuditKey(keyFile: string): void {
  if (!existsSync(keyFile)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    mkdirSync(path.dirname(keyFile), { recursive: true, mode: 0o700 })
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  }
  const { publicKeyFile } = besideKey(keyFile)
  if (existsSync(publicKeyFile)) return
  try {
    writeFileSync(publicKeyFile, publicKeyPem(readAuditKey(keyFile)))
  } catch (error) {
    // A key in a mounted secret has nothing beside it; every export brings the public half.
    if (!isReadOnly(error)) throw error
  }
}

const isReadOnly = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'EROFS' || error.code === 'EACCES')

/** @throws Error that says which file is wrong and what belongs there. */
export function readAuditKey(keyFile: string): KeyObject {
  return readKey(keyFile, 'an Ed25519 private key (PKCS #8, PEM)', createPrivateKey)
}

/** @throws Error that says which file is wrong and what belongs there. */
export function readPublicKey(file: string): KeyObject {
  return readKey(file, 'an Ed25519 public key (SPKI, PEM)', createPublicKey)
}

/** The public half, as PEM. */
export function publicKeyPem(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
}

function readKey(file: string, expected: string, parse: (pem: string) => KeyObject): KeyObject {
  try {
    const key = parse(readFileSync(file, 'utf8'))
    if (key.asymmetricKeyType === 'ed25519') return key
    throw new Error(`it holds a key of type ${key.asymmetricKeyType}`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${file} should hold ${expected}: ${why}`)
  }
}
