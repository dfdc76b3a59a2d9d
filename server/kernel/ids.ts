import { randomBytes, randomUUID } from 'node:crypto'

/** Identifiers and nonces as an argument, so that a test can make them repeatable. */
export type Ids = {
  uuid(): string
  /** 256 bits, hex: for one-time approvals. */
  nonce(): string
}

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  nonce: () => randomBytes(32).toString('hex'),
}
