import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { canonicalText } from './canonical.ts'
import type { AuditCheckpointView } from './contract.ts'

/** Names a public key: the first 16 hexadecimal digits of the SHA-256 of its SPKI DER form. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest('hex').slice(0, 16)
}

function signedBytes({
  size,
  headHash,
  rootHash,
  at,
  keyId,
}: Omit<AuditCheckpointView, 'signature'>): Buffer {
  const all = { size, headHash, at, keyId }
  return Buffer.from(canonicalText(rootHash === null ? all : { ...all, rootHash }), 'utf8')
}

/** States, signed with Ed25519, that the log had `size` entries with this head and this root at `at`. */
export function signCheckpoint(
  privateKey: KeyObject,
  statement: Pick<AuditCheckpointView, 'size' | 'headHash' | 'rootHash' | 'at'>,
): AuditCheckpointView {
  const { size, headHash, rootHash, at } = statement
  const unsigned = { size, headHash, rootHash, at, keyId: keyIdOf(createPublicKey(privateKey)) }
  return { ...unsigned, signature: sign(null, signedBytes(unsigned), privateKey).toString('base64') }
}

/** What is wrong with a checkpoint's signature, in words; null if one of the keys made it. */
export function checkpointProblem(
  checkpoint: AuditCheckpointView,
  publicKeys: readonly KeyObject[],
): string | null {
  const key = publicKeys.find((candidate) => keyIdOf(candidate) === checkpoint.keyId)
  const name = `the checkpoint of ${checkpoint.at} at entry ${checkpoint.size}`
  if (!key) {
    const known = publicKeys.map(keyIdOf).join(', ') || 'none'
    return `${name} was signed by the key ${checkpoint.keyId}, which is not known here (known: ${known})`
  }
  const holds = verify(null, signedBytes(checkpoint), key, Buffer.from(checkpoint.signature, 'base64'))
  return holds ? null : `${name} carries a signature that does not hold`
}

/** Whether two checkpoints agree in everything. */
export function sameCheckpoint(a: AuditCheckpointView, b: AuditCheckpointView): boolean {
  const identity = (of: AuditCheckpointView) =>
    JSON.stringify([of.size, of.headHash, of.rootHash, of.at, of.keyId, of.signature])
  return identity(a) === identity(b)
}
