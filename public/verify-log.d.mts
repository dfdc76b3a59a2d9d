/** A checkpoint that somebody kept: as the log signed it. */
export type KeptCheckpoint = {
  size: number
  headHash: string
  rootHash?: string | null
  at: string
  keyId: string
  signature: string
}
type Broken = { seq: number | null; problem: string } | null
type Outside = { publicKeys?: readonly string[]; kept?: readonly KeptCheckpoint[] }

export function readKept(place: string): KeptCheckpoint[]
export function verifyExport(
  file: string,
  outside?: Outside,
): {
  ok: boolean
  entries: number
  checkpoints: number
  kept: number
  sealed: number
  headHash: string | null
  rootHash: string | null
  broken: Broken
}
export function verifyProof(
  proof: unknown,
  outside?: Outside,
): { ok: boolean; says: string | null; broken: Broken }
export function inclusionHolds(
  index: number,
  size: number,
  leaf: Buffer,
  proof: readonly Buffer[],
  root: Buffer,
): boolean
export function consistencyHolds(
  first: number,
  second: number,
  firstRoot: Buffer,
  secondRoot: Buffer,
  proof: readonly Buffer[],
): boolean
