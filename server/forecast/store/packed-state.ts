import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { ForecasterStateSchema } from '../contract.ts'
import type { ForecasterState } from '../forecaster.ts'

/** A model state as a checkpoint keeps it: gzipped JSON. */
export async function packState(state: ForecasterState): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await promisify(gzip)(JSON.stringify(state), { level: 1 }))
}

/** @throws Error when it is not the gzipped JSON of a state */
export async function unpackState(packed: Uint8Array): Promise<ForecasterState> {
  const text = (await promisify(gunzip)(packed)).toString('utf8')
  return ForecasterStateSchema.parse(JSON.parse(text))
}
